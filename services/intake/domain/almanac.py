"""Which days are worked where: weekends, holidays, and days of the charter's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

Holidays = Callable[[int], Mapping[date, str]]
"""Those of a year, by their names. The same year has always the same."""

UTC = ZoneInfo("UTC")
SATURDAY_AND_SUNDAY = frozenset((5, 6))


def no_holidays(_: int) -> Mapping[date, str]:
    return {}


@dataclass(frozen=True)
class Almanac:
    """`off` are days beside weekend and holidays, by why;
    `worked` are days that are worked whatever else they are. `version` changes with any of it."""

    name: str = ""
    version: str = "none"
    zone: ZoneInfo = UTC
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: Holidays = no_holidays
    off: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()

    def why_off(self, day: date) -> str | None:
        """Empty for a weekend; None for a day that is worked. A holiday comes before a weekend."""
        if day in self.worked:
            return None
        named = self.off.get(day) or self.holidays(day.year).get(day)
        return named or ("" if day.weekday() in self.weekend else None)
