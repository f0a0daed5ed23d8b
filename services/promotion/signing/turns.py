"""Who waits for a turn at something costly: so many at most, and the greediest give way."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from shared.eventsourcing.errors import TryLaterError

T = TypeVar("T")


class TooBusyError(TryLaterError):
    """More people sign in at this moment than can be looked at."""


class Place(NamedTuple):
    """`whose` and `network` are the same but for an own browser, which waits by its login."""

    whose: str = ""
    network: str = ""
    is_own: bool = False


@dataclass(eq=False)
class Waiting:
    place: Place
    work: Callable[[], Any]
    done: asyncio.Future[Any]


@dataclass
class Queue:
    """`most` may wait, `of_one` of each. Where it is full, the last of whoever waits most gives
    way to who waits less: those who come new are not shut out by those who are many."""

    most: int
    of_one: int
    waiting: list[Waiting] = field(default_factory=list)
    _of: Counter[str] = field(default_factory=Counter)
    _from: Counter[str] = field(default_factory=Counter)

    def join(self, place: Place, work: Callable[[], T]) -> asyncio.Future[T]:
        """Raises TooBusyError."""
        if self._of[place.whose] >= self.of_one:
            raise TooBusyError("too many sign in at this moment")
        if self._of.total() >= self.most:
            self._make_room(place)
        self._count(place, 1)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.waiting.append(Waiting(place, work, done))
        return done

    def leave(self, place: Place) -> None:
        """Once the work is done: who goes away before leaves it behind."""
        self._count(place, -1)

    def take(self) -> Waiting | None:
        return self.waiting.pop(0) if self.waiting else None

    def _make_room(self, place: Place) -> None:
        mine = self._of[place.whose] + 1, self._from[place.network] + 1
        greedy = max(reversed(self.waiting), key=lambda each: self._load(each.place), default=None)
        if greedy is None or self._load(greedy.place) <= mine:
            raise TooBusyError("too many sign in at this moment")
        self.waiting.remove(greedy)
        self._count(greedy.place, -1)
        if not greedy.done.done():
            greedy.done.set_exception(TooBusyError("others have waited less"))
            greedy.done.exception()  # whoever asked may have gone away

    def _load(self, place: Place) -> tuple[int, int]:
        return self._of[place.whose], self._from[place.network]

    def _count(self, place: Place, by: int) -> None:
        for counted, name in ((self._of, place.whose), (self._from, place.network)):
            counted[name] += by
            if not counted[name]:
                del counted[name]


def settle(done: asyncio.Future[T], work: asyncio.Future[T]) -> None:
    if done.done():
        return
    if work.cancelled():
        done.cancel()
    elif error := work.exception():
        done.set_exception(error)
    else:
        done.set_result(work.result())
