"""One clock for a whole service: the machine's, or one with an origin and a speed that can jump."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


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
        self._jumped.set()

    async def jumped(self) -> None:
        """Wait until it has jumped since this was asked last."""
        await self._jumped.wait()
        self._jumped.clear()
