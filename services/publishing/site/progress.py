"""How much of what is public the read models hold, and how much of the log was looked through."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    STARTING = "starting"
    UNHEARD = "unheard"
    RELEASING = "releasing"
    READING = "reading"


@dataclass(frozen=True)
class Progress:
    """`done` of `of` events; nothing is known of them yet while STARTING, nor ever from a gate that
    is UNHEARD. Readers are told whole percents and no numbers."""

    kind: Kind
    done: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        return self.done / self.of if self.of else 0.0

    @property
    def percent(self) -> int:
        """Rounded down: what is not whole is never 100 %."""
        return 100 * self.done // self.of if self.of else 0

    @property
    def begun(self) -> bool:
        return self.done > 0


@dataclass(frozen=True)
class Goals:
    """`goal` is the sequence of PUBLIC that a page must have reached to be whole, None while it is
    not known; `releasing` how much was looked through for PUBLIC, None when all was; `hears`
    whether the gate says so just now."""

    goal: Callable[[], int | None]
    releasing: Callable[[], Progress | None]
    hears: Callable[[], bool] = lambda: True

    def missing(self, position: int, *, is_shown: bool = True) -> Progress | None:
        """What keeps figures up to this sequence from being whole: the worse of the two. Rows that
        are not shown at all may be made up to there, too."""
        goal, releasing = self.goal(), self.releasing()
        if goal is None:
            return Progress(Kind.STARTING)
        found = []
        if releasing is not None:
            found.append(releasing)
        if position < goal:
            found.append(Progress(Kind.READING, position, goal))
        elif not is_shown:
            found.append(Progress(Kind.READING))
        return min(found, key=_worse, default=None)

    def version(self) -> Hashable:
        """Another one whenever pages have to say something else, and at no other time."""
        through = self.releasing()
        told = through and (through.kind, through.begun, through.percent)
        return self.goal(), told, self.hears()


def _worse(progress: Progress) -> tuple[bool, float]:
    """What has no figure of the gate's says least."""
    return not progress.of and progress.kind is not Kind.READING, progress.share
