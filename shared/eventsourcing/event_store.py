"""What an event store does, whatever it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from shared.contracts.event import Event, EventRef
from shared.contracts.reference import Reference
from shared.contracts.routing import stream_of


class AggregateKey(NamedTuple):
    service: str
    category: str
    id: str

    @property
    def stream(self) -> str:
        return stream_of(self.service, self.id)

    @property
    def filter(self) -> str:
        """The subject filter of all events of this aggregate."""
        return f"{self.stream.lower()}.{self.category}.*.{self.id}.>"


@dataclass(slots=True)
class NewEvent:
    """An event on its way into the log.

    `revision` is its place among the events of its aggregate, from 1; `cause` is the printed
    reference to what led to it; `actor` the text of who gave the command, `""` by older versions.
    """

    id: str
    event: Event
    revision: int
    recorded_at: datetime
    correlation_id: str
    causation_id: str
    cause: str
    actor: str = field(default="", kw_only=True)


@dataclass(slots=True)
class RecordedEvent(NewEvent):
    """An event in the log, at its sequence."""

    sequence: int

    @property
    def stream(self) -> str:
        return stream_of(self.event.service, self.event.aggregate_id)

    @property
    def reference(self) -> Reference:
        return Reference(self.stream, self.sequence)

    @property
    def ref(self) -> EventRef:
        return EventRef(id=self.id, stream=self.stream, sequence=self.sequence)


class Append(NamedTuple):
    """Events of one aggregate, to be added if its last sequence is still `expected` (0: none).

    Of several for one aggregate in a batch the first one's expectation holds for all.
    """

    key: AggregateKey
    expected: int
    events: Sequence[NewEvent] = ()


Loaded = list[RecordedEvent] | Exception
"""An aggregate's events, or why they can't be had."""


class Since(NamedTuple):
    """What is known of an aggregate: its event `last_id`, the `revision`-th, at `sequence`."""

    sequence: int
    revision: int
    last_id: str


class End(NamedTuple):
    """The newest event of an aggregate; as it is here, there is none."""

    sequence: int = 0
    id: str = ""


def nobody_listens() -> None:
    pass


class EventStore(Protocol):
    async def append(
        self, appends: Sequence[Append], sent: Callable[[], None] = nobody_listens
    ) -> list[int]:
        """Add all or nothing to one stream; the sequence of the first event of each append.
        `sent` is called once it is under way: what is appended after that comes after it.

        Raises ConcurrencyError if an expectation fails, without telling which; TooLargeError or
        RefusedAppendError if this can never be stored; LogFullError, LogUnavailableError.
        """

    async def load(self, key: AggregateKey) -> list[RecordedEvent]:
        """All events of one aggregate as of one moment, oldest first.

        Raises NewerEventError, UnreadableEventError, LogUnavailableError.
        """

    async def load_since(self, key: AggregateKey, since: Since) -> list[RecordedEvent] | None:
        """Those that came after; None if the log does not say of the aggregate what `since` says.

        Raises what `load` raises.
        """

    async def load_all(self, keys: Sequence[AggregateKey]) -> "dict[AggregateKey, Loaded]":
        """The same of many; what stands against one takes its place and costs no other."""

    async def ends(self, keys: Sequence[AggregateKey]) -> "dict[AggregateKey, End]":
        """Where the newest event of each is, without loading any; one of which that can't be told
        at a glance is left out."""
