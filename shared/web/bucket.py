"""How much somebody may still send, and what they are told of it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from shared.web.pace import BURST_S, Pace


@dataclass
class Bucket:
    """Whoever has anything left may send, and what it was too much is waited for afterwards: so a
    batch is never too large for ever. `each_s` is at least 1."""

    each_s: int
    now: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._pace = Pace(self.each_s)
        self._until = 0.0

    def wait_s(self) -> int:
        """Whole seconds until something is left; 0 if there is."""
        left = self._left()
        return 0 if left > 0 else max(1, math.ceil((1 - left) / self.each_s))

    def take(self, number: int) -> None:
        self._until = self._pace.after(self._until, self.now(), number)

    def headers(self) -> dict[str, str]:
        """Of draft-ietf-httpapi-ratelimit-headers: the policy, what is left, when it is full."""
        most = self._pace.most
        left = max(0, math.floor(self._left()))
        full_s = math.ceil((most - left) / self.each_s)
        return {
            "RateLimit-Policy": f'"messages";q={most};w={BURST_S}',
            "RateLimit": f'"messages";r={left};t={full_s}',
        }

    def _left(self) -> float:
        return self._pace.left(self._until, self.now())
