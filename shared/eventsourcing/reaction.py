"""A reaction: events of one stream into commands of ours, with ids derived from the events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.contracts.actor import suite
from shared.contracts.event import Event
from shared.contracts.identity import command_id, is_ours
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent


@dataclass(frozen=True, slots=True)
class Ask:
    """A command that an event asks for; `what_for` tells it from the others that it asks for."""

    command: object
    what_for: str = ""


@dataclass(frozen=True)
class Reaction:
    """`asks` tells what an event asks of `service`, as many commands as it needs; it is given the
    types that it `handles`, and the server sends nothing else of `stream`.

    `name` is that of its position, and part of the commands' ids, for ever. A reaction from before
    names were part of them says so by its `origin`: what it has done then stays done.
    `part` of the suite that its commands are given by: a process asks by reactions, too.
    """

    service: str
    name: str
    stream: str
    handles: tuple[type[Event], ...]
    asks: Callable[[RecordedEvent], Sequence[Ask]]
    origin: tuple[str, ...] = ()
    part: str = "reaction"

    @property
    def filters(self) -> tuple[str, ...]:
        return tuple(event_type.filter() for event_type in self.handles)

    def ask(self, recorded: RecordedEvent) -> list[Envelope]:
        """The commands with the ids that follow from the event, the reaction and what each is for,
        which make twice harmless. Raises ValueError if two are for the same."""
        asks = self.asks(recorded)
        if len({ask.what_for for ask in asks}) < len(asks):
            raise ValueError(f"{self.name} asks for several commands; say what each is for")
        return [self._envelope(recorded, ask) for ask in asks]

    def _envelope(self, recorded: RecordedEvent, ask: Ask) -> Envelope:
        origin = (*(self.origin or ("reaction", self.service, self.name)), recorded.id)
        return Envelope(
            ask.command,
            id=command_id(*origin, ask.what_for) if ask.what_for else command_id(*origin),
            correlation_id=_told_on(recorded),
            causation_id=recorded.id,
            cause=str(recorded.reference),
            at=recorded.recorded_at,
            actor=suite(self.part, self.name),
        )


def _told_on(recorded: RecordedEvent) -> str:
    """Older versions wrote the upstream's own, which may say who somebody is; they named no actor,
    and without one even what looks like ours may be theirs."""
    told = recorded.correlation_id
    return told if recorded.actor and is_ours(told) else ""
