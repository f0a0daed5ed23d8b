"""given(events).when(command).then(events): how every decider test reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest

from shared.eventsourcing.decider import Decider

C = TypeVar("C")
E = TypeVar("E")


@dataclass(frozen=True)
class DeciderSpec(Generic[C, E]):
    """`then` sends the command once more, after its own events: a repetition changes nothing."""

    decider: Decider[C, E, Any]
    history: Sequence[E] = ()
    command: C | None = None

    def given(self, *events: E) -> "DeciderSpec[C, E]":
        return DeciderSpec(self.decider, events)

    def when(self, command: C) -> "DeciderSpec[C, E]":
        return DeciderSpec(self.decider, self.history, command)

    def then(self, *expected: E) -> None:
        decided = list(self._decide(self.history))
        assert decided == list(expected)
        assert list(self._decide([*self.history, *decided])) == [], "a repetition changed something"

    def then_nothing_happens(self) -> None:
        self.then()

    def then_fails_with(self, error: type[Exception]) -> None:
        with pytest.raises(error):
            self._decide(self.history)

    def _decide(self, history: Sequence[E]) -> Sequence[E]:
        assert self.command is not None
        return self.decider.decide(self.command, self.decider.fold(history))
