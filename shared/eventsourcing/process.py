"""A process: a decider over events, which asks for commands and to be woken by what it recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.decider import Category
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction
from shared.eventsourcing.timers.calendar import Due, Dues, Timers


@dataclass(frozen=True, slots=True)
class Wake:
    """At `at` the process wants to look again at `about`; a later wish about the same takes the
    place of this one."""

    at: datetime
    about: str


@dataclass(frozen=True)
class Process:
    """`take` makes commands to the process's own aggregates of the events that are its `inputs`.
    They are decided and folded as in any `category`. `then` tells what one of its own `events` asks
    for: of the event alone, so that it is asked for as often as the event stands in the log.

    `woken` is the command that tells an aggregate, the `thing` of an entry of the calendar, that a
    moment has come; it decides anew, so that a wish that was overtaken does no harm.
    """

    category: Category
    inputs: tuple[type[Event], ...]
    take: Callable[[RecordedEvent], Sequence[Ask]]
    events: tuple[type[Event], ...]
    then: Callable[[RecordedEvent], Sequence[Ask | Wake]]
    woken: Callable[[Due, datetime], object] | None = None

    @property
    def name(self) -> str:
        return self.category.name

    def reactions(self) -> tuple[Reaction, ...]:
        """One for each stream that it reads, with a position there; its own log's has its name."""
        own = log_of(self.category.service)
        handled: dict[str, list[type[Event]]] = {own: []}
        for event_type in (*self.inputs, *self.events):
            handled.setdefault(log_of(event_type.service), []).append(event_type)
        return tuple(
            Reaction(
                self.category.service,
                self.name if stream == own else f"{self.name}-{stream.lower()}",
                stream,
                tuple(types),
                self.asks,
                part="process",
            )
            for stream, types in handled.items()
        )

    def asks(self, recorded: RecordedEvent) -> list[Ask]:
        """The commands that an event asks for, be it an input or one of its own."""
        if isinstance(recorded.event, self.events):
            return [each for each in self._then(recorded) if isinstance(each, Ask)]
        return list(self.take(recorded))

    def wakes(self, recorded: RecordedEvent) -> list[Wake]:
        """What is to be noted of an event, for the aggregate that recorded it."""
        if isinstance(recorded.event, self.events):
            return [each for each in self._then(recorded) if isinstance(each, Wake)]
        return []

    def _then(self, recorded: RecordedEvent) -> Sequence[Ask | Wake]:
        """Raises TypeError: a wish that nothing would come of must not be silent."""
        found = self.then(recorded)
        if self.woken is None and any(isinstance(each, Wake) for each in found):
            raise TypeError(f"{self.name} asks to be woken, but `woken` names no command for it")
        return found

    def timers(self, dues: Dues) -> Timers:
        """Its part of the service's calendar: `dues` hold the last of its `wakes` about each thing,
        with what it is about as the term. Without it a `Wake` would wake nobody: a service that has
        the process and not its timers does not start."""
        if self.woken is None:
            raise TypeError(f"{self.name} never asks to be woken")
        return Timers(dues, self.woken)
