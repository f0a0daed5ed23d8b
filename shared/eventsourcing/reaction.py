"""A reaction: events of one stream into commands of ours, with ids derived from the events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.contracts.event import Event
from shared.contracts.identity import command_id
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent

Ask = Callable[[RecordedEvent], Sequence[Envelope]]


@dataclass(frozen=True)
class Reaction:
    """`ask` tells which commands an event asks for; it is given the types that it `handles`, and
    the server sends nothing else of `stream`. Its `name` is that of its position, for ever."""

    name: str
    stream: str
    handles: tuple[type[Event], ...]
    ask: Ask

    @property
    def filters(self) -> tuple[str, ...]:
        return tuple(event_type.filter() for event_type in self.handles)


def asks(service: str, recorded: RecordedEvent, command: object, what_for: str = "") -> Envelope:
    """The command that `service` gives itself because of an event; the id that follows from the
    event, and from what it is for where there are several, makes twice harmless."""
    origin = ("reaction", service, recorded.id)
    return Envelope(
        command,
        id=command_id(*origin, what_for) if what_for else command_id(*origin),
        correlation_id=recorded.correlation_id,
        causation_id=recorded.id,
        cause=f"{recorded.stream}/{recorded.sequence}",
        at=recorded.recorded_at,
    )
