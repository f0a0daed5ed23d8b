"""Who of the staff looks at which report just now; forgotten in less than a minute."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

LASTS_S = 45.0
"""Longer than three heartbeats of an open page, and than it takes to fill in a form without one."""

MOST = 10_000


@dataclass
class Presence:
    now: Callable[[], float] = monotonic
    _seen: dict[tuple[str, str], float] = field(default_factory=dict)

    def looks(self, report_id: str, who: str) -> bool:
        """Whether that is new."""
        key = report_id, who
        is_new = key not in self._seen
        if is_new and len(self._seen) >= MOST:
            return False
        self._seen[key] = self.now()
        return is_new

    def others(self, report_id: str, who: str) -> list[str]:
        gone = self.now() - LASTS_S
        return sorted(
            other
            for (report, other), at in self._seen.items()
            if report == report_id and other != who and at > gone
        )

    def fade(self) -> bool:
        """Whether somebody has left."""
        gone = self.now() - LASTS_S
        left = [key for key, at in self._seen.items() if at <= gone]
        for key in left:
            del self._seen[key]
        return bool(left)
