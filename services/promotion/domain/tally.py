"""How much was counted on which days: packed, so that many days take little room."""

from struct import Struct
from typing import NamedTuple

LONGEST_DAYS = 730
"""What happened on more different days than that, no window looks back on."""

_OF_A_DAY = Struct(">II")
BYTES_A_DAY = _OF_A_DAY.size


class Tally(NamedTuple):
    """`days` are pairs of a day's ordinal and what was counted on it, oldest first; each is at
    least 1."""

    total: int = 0
    days: bytes = b""

    def with_one(self, day: int, most_days: int = 0) -> "Tally":
        """No more than the newest `most_days` are kept, if so many are named."""
        days = _changed(self.days, day, 1)
        return Tally(self.total + 1, days[-most_days * BYTES_A_DAY :] if most_days else days)

    def without_one(self, day: int) -> "Tally":
        """Of a day that is not kept any more, the total alone is less."""
        return Tally(self.total - 1, _changed(self.days, day, -1))

    @property
    def number_of_days(self) -> int:
        return len(self.days) // BYTES_A_DAY

    @property
    def last_day(self) -> int:
        """0 where nothing was counted."""
        return _OF_A_DAY.unpack_from(self.days, len(self.days) - BYTES_A_DAY)[0] if self.days else 0

    def since(self, day: int) -> list[tuple[int, int]]:
        """Day and count, from that day on."""
        return [*_OF_A_DAY.iter_unpack(self.days[_place_of(self.days, day) :])]


NOTHING = Tally()


def _place_of(days: bytes, day: int) -> int:
    """Where that day stands, or would stand. Nearly always it is the newest, or newer."""
    low, high = 0, len(days) // BYTES_A_DAY
    newest: int = _OF_A_DAY.unpack_from(days, len(days) - BYTES_A_DAY)[0] if high else 0
    if newest <= day:
        return len(days) - BYTES_A_DAY * (newest == day)
    while low < high:
        middle = (low + high) // 2
        if _OF_A_DAY.unpack_from(days, middle * BYTES_A_DAY)[0] < day:
            low = middle + 1
        else:
            high = middle
    return low * BYTES_A_DAY


def _changed(days: bytes, day: int, by: int) -> bytes:
    at, found = _place_of(days, day), 0
    behind = at
    if at < len(days) and (of_day := _OF_A_DAY.unpack_from(days, at))[0] == day:
        found, behind = of_day[1], at + BYTES_A_DAY
    count = max(found + by, 0)
    return days[:at] + (_OF_A_DAY.pack(day, count) if count else b"") + days[behind:]
