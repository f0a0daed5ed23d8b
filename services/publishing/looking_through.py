"""How far the relays are in what stood inside, told so that no single event shows in it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.publishing.standing import Standing
from shared.eventsourcing.pipeline import heed_cancellation

ASK_EVERY_S = 60.0
LOOK_EVERY_S = 0.5
ILL_AFTER_S = 30.0
MUCH = 1_000
"""Events. Of fewer that wait nothing is told: a percent of them could be a single report."""

Ask = Callable[[], Awaitable[int]]


@dataclass(frozen=True)
class Way:
    """Of one relay: where the stream that it reads ends, and how far any process has come in it."""

    end: Ask
    position: Ask


class LookingThrough:
    """Begins anew after each time without a connection. That takes a look at least, whether there
    is anything to look through or not: else what waited unseen would show."""

    def __init__(
        self,
        ways: Sequence[Way],
        connected: Callable[[], bool],
        troubles: Callable[[], list[str]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ways = ways
        self._connected = connected
        self._troubles = troubles
        self._now = now
        self._ill_since: float | None = None
        self._goals: list[int] = []
        self._before: list[int] = []
        self._standing = Standing(whole=False)
        self._much = False

    def standing(self) -> Standing:
        return self._standing.model_copy(update={"well": self._is_well()})

    async def run(self) -> None:
        """Until cancelled."""
        began, asked_at = False, 0.0
        while True:
            heed_cancellation()
            began = began and self._connected()
            try:
                if self._connected() and not began:
                    await self.begin()
                    began, asked_at = True, self._now()
                elif began and self._now() - asked_at > ASK_EVERY_S:
                    await self.go_on()
                    asked_at = self._now()
                elif began and not self._standing.whole:
                    await self.look()
            except Exception:  # noqa: BLE001, S110  what could not be asked is asked again
                pass
            self._is_well()
            await asyncio.sleep(LOOK_EVERY_S)

    async def begin(self) -> None:
        self._standing = Standing(whole=False)
        self._goals = self._before = await self._ends()
        done, of = await self._done()
        self._much = of - done >= MUCH
        self._tell(done, of)

    async def look(self) -> None:
        done, of = await self._done()
        if done == of:
            self._standing = Standing(whole=True)
        else:
            self._tell(done, of)

    async def go_on(self) -> None:
        """What waits since the time before stands still; that it does is told if it is much."""
        goals, self._before = self._before, await self._ends()
        if not self._standing.whole:
            await self.look()
            return
        self._goals = goals
        done, of = await self._done()
        self._much = of - done >= MUCH
        if self._much:
            self._tell(done, of)

    def _tell(self, done: int, of: int) -> None:
        percent = min(99, 100 * done // of) if self._much else None
        self._standing = Standing(whole=False, percent=percent)

    async def _ends(self) -> list[int]:
        return [await way.end() for way in self._ways]

    async def _done(self) -> tuple[int, int]:
        at = [await way.position() for way in self._ways]
        return sum(map(min, at, self._goals)), sum(self._goals)

    def _is_well(self) -> bool:
        """A short trouble is nothing to tell: the next event would be seen to end it."""
        if not self._troubles():
            self._ill_since = None
        elif self._ill_since is None:
            self._ill_since = self._now()
        return self._ill_since is None or self._now() - self._ill_since < ILL_AFTER_S
