"""How much of what is public the read models hold, and how much of the log was looked through."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    STARTING = "starting"
    RELEASING = "releasing"
    READING = "reading"


@dataclass(frozen=True)
class Progress:
    """`done` of `of` events; nothing is known of them yet while STARTING. Readers are told whole
    percents and no numbers: of inner events they would tell when a confidential report comes in."""

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
    not known; `releasing` how many of the inner events were looked through, None when all were."""

    goal: Callable[[], int | None]
    releasing: Callable[[], tuple[int, int] | None]

    def missing(self, position: int, *, is_shown: bool = True) -> Progress | None:
        """What keeps figures up to this sequence from being whole: the worse of the two. Rows that
        are not shown at all may be made up to there, too."""
        goal, releasing = self.goal(), self.releasing()
        if goal is None:
            return Progress(Kind.STARTING)
        found = []
        if releasing is not None:
            found.append(Progress(Kind.RELEASING, *releasing))
        if position < goal:
            found.append(Progress(Kind.READING, position, goal))
        elif not is_shown:
            found.append(Progress(Kind.READING))
        return min(found, key=lambda progress: progress.share, default=None)

    def version(self) -> Hashable:
        """Another one whenever pages have to say something else, and at no other time."""
        releasing = self.releasing()
        through = Progress(Kind.RELEASING, *releasing) if releasing else None
        return self.goal(), through and (through.begun, through.percent)
