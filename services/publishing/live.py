"""Tells open pages that something changed: one pulse for all of them, at most every so often."""

import asyncio
from collections.abc import AsyncGenerator

GAP_S = 0.5
HEARTBEAT_S = 15.0
GAP_OF_EACH_S = 0.001  # to tell a thousand takes a good part of a second
LEAST_SPREAD_MS, SPREAD_OF_EACH_MS = 200, 2


class Live:
    """Keeps nothing per reader: who is slow misses pulses, and catches up with the newest one.
    `turn` is another one with each pulse."""

    def __init__(self, gap_s: float = GAP_S, heartbeat_s: float = HEARTBEAT_S) -> None:
        self.position = 0
        self._told_position = 0
        self.turn = 0
        self._told = asyncio.Event()
        self._pulse = asyncio.Event()
        self._ended = False
        self._gap_s = gap_s
        self._heartbeat_s = heartbeat_s
        self._readers = 0

    @property
    def spread_ms(self) -> int:
        """Over how long they come for what changed: at most 500 a second, however many there are.
        All at once they kept ordinary visitors waiting for a second."""
        return max(LEAST_SPREAD_MS, SPREAD_OF_EACH_MS * self._readers)

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
        try:
            while True:
                await self._told.wait()
                self._told.clear()
                self.position = self._told_position
                self._wake()
                await asyncio.sleep(max(self._gap_s, GAP_OF_EACH_S * self._readers))
        finally:
            self._ended = True
            self._wake()

    async def changes(self) -> AsyncGenerator[int | None, None]:
        """The position now and after each pulse; None when there was none for a heartbeat."""
        seen = -1
        self._readers += 1
        try:
            while not self._ended:
                pulse = self._pulse
                if seen != self.turn:
                    seen = self.turn
                    yield self.position
                    continue
                try:
                    await asyncio.wait_for(pulse.wait(), self._heartbeat_s)
                except TimeoutError:
                    yield None
        finally:
            self._readers -= 1

    def _wake(self) -> None:
        self.turn += 1
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()
