"""By when commitments are due where nobody says: the charter's `due.toml`, rules and almanacs."""

import hashlib
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from shared.contracts.reckoning import MOST_DAYS
from shared.contracts.values import CODE_PATTERN, EARLIEST, LATEST, MOST_TIERS, Place, Sector
from shared.runtime.charter_base import STRICT, AtLeastOne, Name, Zone
from shared.runtime.holidays_of import holidays_like, is_known

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
MOST_OF_A_WEEK = len(WEEKDAYS) - 1


def _a_day(text: Any) -> date:
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("must be a day such as 2031-12-24") from None
    if not EARLIEST.date() <= day <= LATEST.date():
        raise ValueError("must be a day between the years 1900 and 2999")
    return day


def _of_a_country(code: str) -> str:
    if code and not is_known(code):
        near = holidays_like(code)
        hint = f'perhaps "{near}"' if near else 'such as "FR" or "US-MA"'
        raise ValueError(f"must be a country's code, or that of a part of it, {hint}")
    return code


def _one_at_least(places: list[str]) -> list[str]:
    if not places:
        raise ValueError("must name a place, or several")
    return places


def _some_days_are_worked(weekend: list[Weekday]) -> list[Weekday]:
    if len(set(weekend)) > MOST_OF_A_WEEK:
        raise ValueError("must leave a day that is worked")
    return weekend


Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
DayKey = Annotated[date, BeforeValidator(_a_day)]


class _Strict(BaseModel):
    model_config = STRICT


class AlmanacTold(_Strict):
    """Of `places` and all that lies in them. `holidays` are those of a country or a part of it;
    `off` are days besides, by why, and `worked` days that are worked whatever else they are."""

    places: Annotated[list[Place], AfterValidator(_one_at_least)]
    zone: Zone | None = None
    weekend: Annotated[list[Weekday], AfterValidator(_some_days_are_worked)] = [
        "saturday",
        "sunday",
    ]
    holidays: Annotated[str, AfterValidator(_of_a_country)] = ""
    off: dict[DayKey, Name] = {}
    worked: dict[DayKey, Name] = {}

    @property
    def weekdays(self) -> frozenset[int]:
        return frozenset(WEEKDAYS.index(each) for each in self.weekend)


class RuleTold(_Strict):
    """`days` after that of the commitment; of `places`, `sectors` and `owners`, or of all."""

    name: Code
    version: AtLeastOne = 1
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    counted: Literal["working", "calendar"] = "working"
    places: list[Place] = []
    sectors: list[Sector] = []
    owners: list[Name] = []


class ReminderTold(_Strict):
    """So many days before it is due."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    counted: Literal["working", "calendar"] = "working"


class TierTold(_Strict):
    """The second, or the one after the one before: so many days after the due day; `to` whom it is
    passed up, or the body itself."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    counted: Literal["working", "calendar"] = "working"
    to: Name | None = None


class DueTold(_Strict):
    reminder: ReminderTold | None = None
    tier: Annotated[list[TierTold], Field(max_length=MOST_TIERS - 1)] = []
    rule: list[RuleTold] = []
    almanac: dict[Code, AlmanacTold] = {}


def version_of(almanac: AlmanacTold, zone: str, of_holidays: str) -> str:
    """Of whatever decides which days it works; `of_holidays` is that of who tells them."""
    said = almanac.model_dump_json() + zone + (of_holidays if almanac.holidays else "")
    return hashlib.sha256(said.encode()).hexdigest()[:12]
