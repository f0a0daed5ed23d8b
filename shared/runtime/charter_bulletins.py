"""What an issue of several pieces has to have of the regions: the charter's `bulletins.toml`."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, model_validator

from shared.contracts.bulletin import IN_ALL, MOST_ITEMS, MOST_LEADS, MOST_REGIONS, IssueTerms
from shared.contracts.values import Place
from shared.runtime.charter_base import STRICT, AtLeastOne, TimeOfDay

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK = timedelta(days=7)


class BulletinsTold(BaseModel):
    """There are none unless `within` is said: the regions are the places right below it, but for
    those of the `centre`. Of the items of an issue, and of its first `leads`, at least
    `least_share` percent are of the regions, and each of them that reported has at least `floor`.
    On `every` weekday `at` a time of day an issue is composed of the days before; where no
    weekday is said, editors do it. `version` is raised by whoever changes a term."""

    model_config = STRICT

    version: AtLeastOne = 1
    within: Place | None = None
    centre: Annotated[list[Place], Field(max_length=MOST_REGIONS)] = []
    least_share: Annotated[int, Field(ge=0, le=IN_ALL)] = 60
    floor: Annotated[int, Field(ge=0, le=MOST_LEADS)] = 1
    items: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 12
    leads: Annotated[int, Field(ge=1, le=MOST_LEADS)] = 3
    every: Weekday | None = None
    at: TimeOfDay = "06:00"

    @model_validator(mode="after")
    def _within_what(self) -> "BulletinsTold":
        if self.within is None and self.model_fields_set - {"version"}:
            raise ValueError("must say within which place its regions lie: within = …")
        if self.leads > self.items:
            raise ValueError("must not have more leads than items")
        return self

    @property
    def terms(self) -> IssueTerms | None:
        if self.within is None:
            return None
        return IssueTerms(
            version=self.version,
            within=self.within,
            centre=tuple(self.centre),
            share=self.least_share,
            floor=self.floor,
            leads=self.leads,
        )

    def moment_of(self, day: date, zone: ZoneInfo) -> datetime:
        """At which an issue of the days before `day` is composed."""
        return datetime.combine(day, time.fromisoformat(self.at), zone)

    def last_before(self, now: datetime, zone: ZoneInfo) -> date | None:
        """The last day on which an issue was due; none where no weekday is said."""
        if self.within is None or self.every is None:
            return None
        today = now.astimezone(zone).date()
        day = today - timedelta(days=(today.weekday() - get_args(Weekday).index(self.every)) % 7)
        return day if self.moment_of(day, zone) <= now else day - WEEK
