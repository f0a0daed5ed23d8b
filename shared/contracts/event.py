"""What every event has in common."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from shared.contracts.place import Place


def _to_utc(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2999:
        raise ValueError("must lie between the years 1900 and 2999")
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with its offset, kept in UTC."""


class EventRef(BaseModel):
    """Where an event stands: its `ce-id`, its stream, its sequence there."""

    model_config = ConfigDict(frozen=True)

    id: str
    stream: str
    sequence: int


class Event(BaseModel):
    """Something that happened; unknown fields are ignored on reading.

    `service` is the only writer, `aggregate` the kind of thing, `key` the field with its id.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    aggregate: ClassVar[str]
    key: ClassVar[str]
    version: ClassVar[int] = 1

    place: Place

    @property
    def aggregate_id(self) -> str:
        return str(getattr(self, self.key))

    @classmethod
    def type_name(cls) -> str:
        """The `ce-type`, for example `tribune.intake.ReportFiled`."""
        return f"tribune.{cls.service}.{cls.__name__}"

    @property
    def subject(self) -> str:
        """`{service}.{aggregate}.{Event}.{id}.{place…}`."""
        return (
            f"{self.service}.{self.aggregate}.{type(self).__name__}.{self.aggregate_id}.{self.place}"
        )
