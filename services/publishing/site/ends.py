"""Asks where the streams end, so that pages know what they have to reach to show the whole."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from shared.eventsourcing.pipeline import heed_cancellation

ASK_EVERY_S = 60.0
LOOK_EVERY_S = 0.5

Ask = Callable[[], Awaitable[int]]


@dataclass(frozen=True)
class Relay:
    """What carries a stream into PUBLIC: where that stream ends for it, and how far it has come."""

    end: Ask
    position: Callable[[], int]


@dataclass
class _End:
    """`goal` was the end when we began to follow, later the one asked for the time before the last:
    a moment's lag counts for nothing, and what stands still shows after a while."""

    ask: Ask
    goal: int = 0
    _newest: int = 0

    async def begin(self) -> None:
        self.goal = self._newest = await self.ask()

    async def go_on(self) -> None:
        asked = await self.ask()
        self.goal, self._newest = self._newest, asked


class Ends:
    """`connected` tells whether asking makes sense; after each time without it all begins anew."""

    def __init__(self, public: Ask, relays: Sequence[Relay], connected: Callable[[], bool]) -> None:
        self._public = _End(public)
        self._relays = [(_End(relay.end), relay.position) for relay in relays]
        self._connected = connected
        self._known = False
        self._released = False

    def goal(self) -> int | None:
        """The sequence of PUBLIC to reach; None before anybody could be asked."""
        return self._public.goal if self._known else None

    def releasing(self) -> tuple[int, int] | None:
        """How many events were looked through for PUBLIC, of how many; None when all were."""
        if not self._known or self._released:
            return None
        return self._looked_through()

    async def run(self) -> None:
        """Until cancelled."""
        began, asked_at = False, 0.0
        while True:
            heed_cancellation()
            began = began and self._connected()
            try:
                if self._connected() and not began:
                    await self._ask(_End.begin)
                    began, asked_at = True, time.monotonic()
                elif began and time.monotonic() - asked_at > ASK_EVERY_S:
                    await self._ask(_End.go_on)
                    asked_at = time.monotonic()
                if began and not self._released:
                    await self._look()
            except Exception:  # noqa: BLE001, S110  what could not be asked is asked again
                pass
            await asyncio.sleep(LOOK_EVERY_S)

    async def _ask(self, how: Callable[[_End], Awaitable[None]]) -> None:
        for end, _ in self._relays:
            await how(end)
        await how(self._public)
        self._released = self._all_looked_through()
        self._known = True

    async def _look(self) -> None:
        """What the relays have written since we asked belongs to the whole, too."""
        if self._all_looked_through():
            await self._public.begin()
            self._released = True

    def _all_looked_through(self) -> bool:
        done, of = self._looked_through()
        return done == of

    def _looked_through(self) -> tuple[int, int]:
        done = sum(min(position(), end.goal) for end, position in self._relays)
        return done, sum(end.goal for end, _ in self._relays)
