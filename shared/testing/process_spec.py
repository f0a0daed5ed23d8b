"""given(events).when(event).then(events, asks=…, wakes=…): how every test of a process reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.process import Process, Wake
from shared.eventsourcing.reaction import Ask
from shared.testing.examples import recorded


@dataclass(frozen=True)
class ProcessSpec:
    """`given` are the process's own events; `when` is an input, or a command of its own. Their
    sequences are those in which they are named, from 1 on; what is recorded then has the next ones.

    `then` brings the same once more, after its own events: a repetition changes nothing.
    """

    process: Process
    history: Sequence[Event] = ()
    happens: Any = None

    def given(self, *events: Event) -> "ProcessSpec":
        return replace(self, history=events)

    def when(self, happens: Any) -> "ProcessSpec":
        return replace(self, happens=happens)

    def then(
        self, *expected: Event, asks: Sequence[object] = (), wakes: Sequence[Wake] = ()
    ) -> None:
        """`asks` are the commands, without what they are for."""
        history = list(self.history)
        decided = list(self._decide(history))
        assert decided == list(expected)
        assert list(self._decide([*history, *decided])) == [], "a repetition changed something"
        news = [recorded(event, len(history) + 2 + n) for n, event in enumerate(decided)]
        asked = [ask for new in news for ask in self._asks(new)]
        assert [ask.command for ask in asked] == list(asks)
        assert [wake for new in news for wake in self.process.wakes(new)] == list(wakes)

    def then_nothing_happens(self) -> None:
        self.then()

    def _decide(self, history: Sequence[Event]) -> Iterator[Event]:
        """Each aggregate from its own events."""
        category = self.process.category
        for command in self._commands():
            key = getattr(command, category.key)
            own = [event for event in history if event.aggregate_id == key]
            yield from category.decider.decide(command, category.decider.fold(own))

    def _commands(self) -> list[Any]:
        happens = self.happens
        if isinstance(happens, Event):
            happens = recorded(happens, len(self.history) + 1)
        if isinstance(happens, RecordedEvent):
            return [ask.command for ask in self._asks(happens)]
        assert type(happens) in self.process.category.decides
        return [happens]

    def _asks(self, event: RecordedEvent) -> list[Ask]:
        """Each of several is for something else."""
        asks = self.process.asks(event)
        assert len({ask.what_for for ask in asks}) == len(asks)
        return asks
