"""What every event has in common."""

from functools import cache
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from shared.contracts.place import Place

Instant = AwareDatetime
"""A moment with its offset; in what we write the offset is 0."""


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""The id of an aggregate; it becomes part of a subject."""


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
    @cache
    def type_name(cls) -> str:
        """The `ce-type`, for example `tribune.intake.ReportFiled`."""
        return f"tribune.{cls.service}.{cls.__name__}"

    @property
    def subject(self) -> str:
        """`{service}.{aggregate}.{Event}.{id}.{place…}`."""
        name = type(self).__name__
        return f"{self.service}.{self.aggregate}.{name}.{self.aggregate_id}.{self.place}"
