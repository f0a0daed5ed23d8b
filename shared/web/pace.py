"""How much somebody may ask for: so much in a second, and some seconds of it ahead.

What somebody took is kept as one moment, the one until which it is paid for. Of whom nobody
remembers anything, nothing is held against.
"""

from dataclasses import dataclass

BURST_S = 5
"""Of so many seconds one may be ahead: who sends in batches does not send evenly, and a page and
all that belongs to it are asked for at once."""

EXACT = 6
"""Digits behind the point; beyond them clocks do not add up."""


@dataclass(frozen=True)
class Pace:
    """`each_s` is at least 1."""

    each_s: int

    @property
    def most(self) -> int:
        return self.each_s * BURST_S

    def left(self, until: float, now: float) -> float:
        """Less than nothing for whoever took too much."""
        return round((BURST_S - max(0.0, until - now)) * self.each_s, EXACT)

    def after(self, until: float, now: float, taken: int = 1) -> float:
        """The moment, once so much more was taken."""
        return max(until, now) + taken / self.each_s
