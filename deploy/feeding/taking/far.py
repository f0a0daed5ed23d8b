"""Times that are far from now, as where years are those of another calendar: told, and sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deploy.feeding.tables.record import Record
from deploy.feeding.taking.problems import quoted
from shared.contracts.values import CLOCKS_DIFFER_BY
from shared.mapping.checking import Written
from shared.mapping.mapping import EventRule
from shared.mapping.template import joined
from shared.runtime.outside import harmless

YEARS_AHEAD, YEARS_BACK = 10, 50
AHEAD = f"more than {YEARS_AHEAD} years ahead of now"
BACK = f"more than {YEARS_BACK} years before now"
STILL_TO_COME = "filed at a time still to come, which intake refuses until then"
LINES_KEPT = 3
BUDDHIST = 543


@dataclass
class _Found:
    """In one column, on one side of now."""

    year: int
    first: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0
    last_line: int = 0


class FarTimes:
    def __init__(self, unit: str, now: datetime | None = None) -> None:
        self._unit = unit
        now = now or datetime.now(UTC)
        self._taken_until = (now + CLOCKS_DIFFER_BY).isoformat()
        self._first, self._last = now.year - YEARS_BACK, now.year + YEARS_AHEAD
        self._found: dict[tuple[str, str], _Found] = {}

    def note(self, record: Record, rule: EventRule, event: Written) -> None:
        """Moments are texts that begin with their year."""
        self._look(record, rule.when, event.at.year)
        for name, value in event.data.items():
            if name.endswith("_at"):
                self._look(record, rule.uses[name], int(value[:4]))
        filed = event.data.get("filed_at", "")
        if filed > self._taken_until and int(filed[:4]) <= self._last:
            self._tell(record, rule.uses["filed_at"], STILL_TO_COME, 0)

    def _look(self, record: Record, columns: Sequence[str], year: int) -> None:
        if year > self._last:
            self._tell(record, columns, AHEAD, year)
        elif year < self._first:
            self._tell(record, columns, BACK, year)

    def _tell(self, record: Record, columns: Sequence[str], words: str, year: int) -> None:
        if not columns:
            return
        key = ", ".join(dict.fromkeys(columns)), words
        found = self._found.setdefault(key, _Found(year))
        if found.last_line == record.line:  # several events may say the same
            return
        found.last_line = record.line
        found.count += 1
        if len(found.first) < LINES_KEPT:
            found.first.append((record.line, joined(record.cells, columns)))

    def __iter__(self) -> Iterator[str]:
        for (column, words), found in self._found.items():
            lines = ", ".join(
                f"{self._unit} {line:,}{quoted(' ', said)}" for line, said in found.first
            )
            more = found.count - len(found.first)
            also = f" and {more:,} more" if more else ""
            yield f"column {harmless(column)}: {words}{self._meant(found.year)}: {lines}{also}"

    def _meant(self, year: int) -> str:
        here = year - BUDDHIST
        if not self._first <= here <= self._last:
            return ""
        return (
            f" (as the Buddhist calendar counts, {year} is {here}; years have to be those of ours)"
        )
