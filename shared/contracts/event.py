"""What every event has in common."""

from functools import cache
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic._internal._model_construction import ModelMetaclass

from shared.contracts.reference import Reference
from shared.contracts.routing import stream_of
from shared.contracts.values import Id, Place, Sequence, StreamName


class EventRef(BaseModel):
    """Where an event stands: its `ce-id`, its stream, its sequence there."""

    model_config = ConfigDict(frozen=True)

    id: Id
    stream: StreamName
    sequence: Sequence

    @property
    def reference(self) -> Reference:
        return Reference(self.stream, self.sequence)


class Kind(ModelMetaclass):
    """What an event is stands in its class: pydantic's own look asks for more, at ten times the
    cost, and folds ask for each event what it is."""

    __instancecheck__ = type.__instancecheck__


class Event(BaseModel, metaclass=Kind):
    """Something that happened; unknown fields are ignored on reading.

    `service` is the only writer, `aggregate` the kind of thing, `key` the field with its id.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    aggregate: ClassVar[str]
    key: ClassVar[str]
    version: ClassVar[int] = 1

    place: Place

    @classmethod
    @cache
    def filter(cls) -> str:
        """The subject filter of all events of this type."""
        return f"{cls.service}.{cls.aggregate}.{cls.__name__}.>"

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
        """`{stream}.{aggregate}.{Event}.{id}.{place…}`, the stream's name in small letters."""
        name, aggregate_id = type(self).__name__, self.aggregate_id
        stream = stream_of(self.service, aggregate_id).lower()
        return f"{stream}.{self.aggregate}.{name}.{aggregate_id}.{self.place}"

    @property
    def subjects(self) -> tuple[str, ...]:
        """Where it may stand: its `subject`, and those that older versions gave it."""
        return (self.subject,)
