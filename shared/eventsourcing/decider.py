"""The decider: what a command leads to, and what an event changes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")


@dataclass(frozen=True)
class Decider(Generic[C, E, S]):
    initial_state: S
    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]

    def fold(self, events: Iterable[E]) -> S:
        return reduce(self.evolve, events, self.initial_state)


@dataclass(frozen=True)
class Kept(Generic[S]):
    """A state as bytes, and back: `load(dump(state)) == state` in all that a decision needs."""

    dump: Callable[[S], bytes]
    load: Callable[[bytes], S]


@dataclass(frozen=True)
class Look:
    """What another aggregate of the same service says to a command before it is decided: `at` tells
    the id of the one in `category`, if the command asks any, and `seen` gives the command that is
    decided, of it and that one's state.

    Nobody keeps that one from changing meanwhile. So either what is seen `stays` as it is for ever,
    and may be remembered, or what follows from it is made good by events.
    """

    command: type
    category: str
    at: Callable[[Any], str | None]
    seen: Callable[[Any, Any], Any]
    stays: Callable[[Any], bool]


def _opens_nothing(_: Any) -> bool:
    return False


@dataclass(frozen=True)
class Category:
    """All aggregates of one kind: where their events are, who decides, which field is the id.

    `commands` are anybody's to give, `inner` ones a process of the service gives alone.
    `kept` says how a state is kept beside the log, for categories whose aggregates live long.

    `opens` tells of a command whether it usually meets an aggregate that is not there yet: then
    nothing is loaded for it, and a conflict tells if it is there after all. `look` is what one of
    the commands is decided with.
    """

    service: str
    name: str
    decider: Decider[Any, Any, Any]
    commands: tuple[type, ...]
    key: str
    opens: Callable[[Any], bool] = _opens_nothing
    inner: tuple[type, ...] = ()
    kept: Kept[Any] | None = None
    look: Look | None = None

    @property
    def decides(self) -> tuple[type, ...]:
        return self.commands + self.inner
