"""Slows down whoever tries passphrases, and nobody else: there is no lock that a stranger could
close."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from shared.web.addresses import parsed

FREE, LONGEST = 3, timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
"""Who could rest for less and begin anew would have more tries a day than who goes on."""
MOST_KNOWN = 50_000
IPV4_BITS, IPV6_BITS = 24, 56


@dataclass
class _Tries:
    count: int
    last: datetime

    def again(self, longest: timedelta) -> datetime:
        """After a few that cost nothing each wrong one doubles the wait."""
        over = min(self.count - FREE, 20)
        return self.last + (min(timedelta(seconds=2**over), longest) if over > 0 else timedelta(0))


class Slowing:
    """By who is meant and whence: a wrong passphrase from one network delays the next one from
    there for that login. `known` browsers, which their owner has signed in from, stand for
    themselves."""

    def __init__(self, most: int = MOST_KNOWN, longest: timedelta = LONGEST) -> None:
        self._most = most
        self._longest = longest
        self._tries: OrderedDict[Hashable, _Tries] = OrderedDict()

    def wait(self, whom: str, whence: str, now: datetime) -> timedelta:
        """How long is to be waited; if not at all, this is a try, and counts as a wrong one until
        it turns out right: who sends many at once is not asked for one of them only."""
        key = (whom, whence)
        known = self._tries.get(key)
        if known and now < known.last:  # the clock was ahead, and nobody waits for that
            known.last = now
        if known and now < (again := known.again(self._longest)):
            return again - now
        if known is None or now - known.last > FORGOTTEN_AFTER:
            known = _Tries(0, now)
        self._tries[key] = _Tries(known.count + 1, now)
        self._tries.move_to_end(key)
        return timedelta(0)

    def tried(self) -> None:
        """What was looked at has cost its time; only that pushes others out of memory."""
        while len(self._tries) > self._most:
            self._tries.popitem(last=False)

    def not_tried(self, whom: str, whence: str) -> None:
        """We were too busy to look: it was none of theirs, and leaves nothing behind."""
        if known := self._tries.get((whom, whence)):
            known.count -= 1
            if known.count <= 0:
                del self._tries[whom, whence]

    def right(self, whom: str, whence: str) -> None:
        self._tries.pop((whom, whence), None)


def network_of(address: str) -> str:
    """What one customer of a provider has: all its addresses count as one."""
    known = parsed(address)
    if known is None:
        return address
    bits = IPV4_BITS if known.version == 4 else IPV6_BITS  # noqa: PLR2004
    return str(ip_network(f"{known}/{bits}", strict=False))
