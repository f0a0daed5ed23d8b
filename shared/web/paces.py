"""The pace of each address: who was slow enough may go on, and nobody is remembered for ever."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.web.pace import Pace

MOST_KNOWN = 10_000


@dataclass
class Paces:
    """`each_s` is at least 1."""

    each_s: int
    now: Callable[[], float] = time.monotonic
    _until: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def takes(self, address: str) -> bool:
        """Whether it had something left; then it has less now."""
        pace, now = Pace(self.each_s), self.now()
        until = pace.after(self._until.get(address, 0.0), now)
        if pace.left(until, now) < 0:
            return False
        self._until[address] = until
        self._until.move_to_end(address)
        if len(self._until) > MOST_KNOWN:
            self._until.popitem(last=False)
        return True
