"""One clock for a whole service: the machine's, or one with an origin and a speed that can jump."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

LOOKED_AT_EVERY_S = 0.2


class Clock:
    """`speed` is in seconds of this clock per real second; 0 stands still."""

    def __init__(self, origin: datetime | None = None, speed: float = 1.0) -> None:
        self._origin = origin
        self._speed = speed
        self._since = time.monotonic()
        self._jumped = asyncio.Event()

    def now(self) -> datetime:
        if self._origin is None:
            return datetime.now(UTC)
        return self._origin + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def jump(self, to: datetime, speed: float | None = None) -> None:
        """Go on from another moment; also backwards, for tests."""
        self._origin, self._since = to, time.monotonic()
        self._speed = self._speed if speed is None else speed
        jumped, self._jumped = self._jumped, asyncio.Event()
        jumped.set()

    async def reached(self, moment: datetime) -> None:
        """Wait until it shows a moment: who waits is woken by each jump, and by a clock that runs
        now and then."""
        while self.now() < moment:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKED_AT_EVERY_S):
                    await self._jumped.wait()
