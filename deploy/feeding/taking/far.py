"""Times that are far from now, as where years are those of another calendar: told, and sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deploy.feeding.tables.record import Record
from deploy.feeding.taking.problems import quoted
from shared.mapping.checking import Written
from shared.mapping.mapping import EventRule
from shared.mapping.template import joined

YEARS_AHEAD, YEARS_BACK = 10, 50
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
        self._now = (now or datetime.now(UTC)).year
        self._first, self._last = self._now - YEARS_BACK, self._now + YEARS_AHEAD
        self._found: dict[tuple[str, bool], _Found] = {}

    def note(self, record: Record, rule: EventRule, event: Written) -> None:
        """Moments are texts that begin with their year."""
        self._look(record, rule.when, event.at.year)
        for name, value in event.data.items():
            if name.endswith("_at"):
                self._look(record, rule.uses[name], int(value[:4]))

    def _look(self, record: Record, columns: Sequence[str], year: int) -> None:
        if self._first <= year <= self._last or not columns:
            return
        key = ", ".join(dict.fromkeys(columns)), year > self._now
        found = self._found.setdefault(key, _Found(year))
        if found.last_line == record.line:  # several events may say the same
            return
        found.last_line = record.line
        found.count += 1
        if len(found.first) < LINES_KEPT:
            found.first.append((record.line, joined(record.cells, columns)))

    def __iter__(self) -> Iterator[str]:
        for (column, is_ahead), found in self._found.items():
            side = f"{YEARS_AHEAD} years ahead of" if is_ahead else f"{YEARS_BACK} years before"
            lines = ", ".join(
                f"{self._unit} {line:,}{quoted(' ', said)}" for line, said in found.first
            )
            more = found.count - len(found.first)
            also = f" and {more:,} more" if more else ""
            yield f"column {column}: more than {side} now{self._meant(found.year)}: {lines}{also}"

    def _meant(self, year: int) -> str:
        here = year - BUDDHIST
        if not self._first <= here <= self._last:
            return ""
        return (
            f" (as the Buddhist calendar counts, {year} is {here}; years have to be those of ours)"
        )
