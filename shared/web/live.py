"""Tells open pages that something changed: never too often, and never all of them at once."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import islice

GAP_S = 0.5
HEARTBEAT_S = 15.0
TOLD_EACH_S = 900
"""Each comes for what changed as soon as it is told. With a gap before it, a thousand have it
within two seconds; visitors find a place between any two."""

PAUSE_S = 0.01
MOST_AT_ONCE = 25
"""Where the machine is so busy that a pause lasts longer: so many delay a visitor by a moment."""


class Live:
    """Who has waited longest is told first. Keeps nothing else per reader: who is slow misses
    changes, and catches up with the newest one. `turn` is another one with each change."""

    def __init__(self, gap_s: float = GAP_S, heartbeat_s: float = HEARTBEAT_S) -> None:
        self.position = 0
        self.turn = 0
        self._told_position = 0
        self._told = asyncio.Event()
        self._ended = False
        self._gap_s = gap_s
        self._heartbeat_s = heartbeat_s
        self._know: dict[asyncio.Future[bool], None] = {}
        self._due: dict[asyncio.Future[bool], None] = {}
        self._are_due = asyncio.Event()

    def tell(self, position: int) -> None:
        """What is public has changed, up to this sequence."""
        self._told_position = position
        self._told.set()

    def stir(self) -> None:
        """Pages say something else than before, though nothing public is new."""
        self._told.set()

    async def run(self) -> None:
        """Until cancelled; that ends every reader's stream."""
        self._ended = False
        telling = asyncio.create_task(self._tell_in_turn())
        try:
            while True:
                await self._told.wait()
                self._told.clear()
                self._begin_turn()
                await asyncio.sleep(self._gap_s)
        finally:
            telling.cancel()
            self._ended = True
            self._all_are_due()
            self._wake(len(self._due))

    async def changes(self) -> AsyncGenerator[int | None, None]:
        """The position now and after changes; None when there was none for a heartbeat."""
        seen = self.turn
        yield self.position
        while not self._ended:
            changed = await self._wait(seen)
            if not self._ended:
                seen = self.turn if changed else seen
                yield self.position if changed else None

    async def _wait(self, seen: int) -> bool:
        """Whether anything has changed since; in its turn."""
        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        row = self._know if seen == self.turn else self._due
        row[place] = None
        if row is self._due:
            self._are_due.set()
        beat = loop.call_later(self._heartbeat_s, _beat, place)
        try:
            return await place
        finally:
            beat.cancel()
            self._know.pop(place, None)
            self._due.pop(place, None)

    def _begin_turn(self) -> None:
        self.position = self._told_position
        self.turn += 1
        self._all_are_due()

    def _all_are_due(self) -> None:
        self._due |= self._know
        self._know = {}
        self._are_due.set()

    async def _tell_in_turn(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._are_due.wait()
            left, since = 1.0, loop.time()
            while self._due:
                self._wake(int(left))
                await asyncio.sleep(PAUSE_S)
                now = loop.time()
                left = min(MOST_AT_ONCE, left % 1 + TOLD_EACH_S * (now - since))
                since = now
            self._are_due.clear()

    def _wake(self, count: int) -> None:
        for place in list(islice(self._due, count)):
            del self._due[place]
            if not place.done():
                place.set_result(True)


def _beat(place: "asyncio.Future[bool]") -> None:
    if not place.done():
        place.set_result(False)
