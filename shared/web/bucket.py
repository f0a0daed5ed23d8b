"""How much somebody may still send: so much in a second, and some of it ahead."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

BURST_S = 5
"""Of so many seconds one may be ahead: who sends in batches does not send evenly."""


@dataclass
class Bucket:
    """Whoever has anything left may send, and what it was too much is waited for afterwards: so a
    batch is never too large for ever. `each_s` is at least 1."""

    each_s: int
    now: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._left = float(self.most)
        self._at = self.now()

    @property
    def most(self) -> int:
        return self.each_s * BURST_S

    def wait_s(self) -> int:
        """Whole seconds until something is left; 0 if there is."""
        left = self._now_left()
        return 0 if left > 0 else max(1, math.ceil((1 - left) / self.each_s))

    def take(self, number: int) -> None:
        self._left = self._now_left() - number

    def headers(self) -> dict[str, str]:
        """Of draft-ietf-httpapi-ratelimit-headers: the policy, what is left, when it is full."""
        left = max(0, math.floor(self._now_left()))
        full_s = math.ceil((self.most - left) / self.each_s)
        return {
            "RateLimit-Policy": f'"messages";q={self.most};w={BURST_S}',
            "RateLimit": f'"messages";r={left};t={full_s}',
        }

    def _now_left(self) -> float:
        now = self.now()
        self._left = min(self.most, self._left + (now - self._at) * self.each_s)
        self._at = now
        return self._left
