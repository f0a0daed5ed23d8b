"""What is wrong with the rows of a file: of each kind how often, and the first lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.feeding.mapping.values import CellError
from deploy.feeding.tables.record import Record

LINES_KEPT = 5
MOST_KINDS = 200
LONGEST_SHOWN = 60


@dataclass
class Kind:
    """One thing that is wrong; `value` is the first one that is so."""

    unit: str
    column: str
    value: str
    words: str
    hint: str
    lines: list[int] = field(default_factory=list)
    count: int = 0

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        value = f'"{_one_line(self.value)}" ' if self.value or self.column else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.unit} {self.lines[0]:,}{column}: {value}{self.words}{hint}{self._others()}"

    def _others(self) -> str:
        if self.count == 1:
            return ""
        named = ", ".join(f"{line:,}" for line in self.lines[1:])
        rest = f" and {self.count - len(self.lines):,} more" if self.count > len(self.lines) else ""
        return f" (also in {self.unit}{'s' if self.count > 2 else ''} {named}{rest})"  # noqa: PLR2004


class Problems:
    """`rows` counts those with at least one."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._kinds: dict[tuple[str, str], Kind] = {}
        self.rows = 0

    def add(self, record: Record, wrongs: list[CellError]) -> None:
        self.rows += 1
        for wrong in wrongs:
            key = wrong.column, wrong.words
            if key not in self._kinds and len(self._kinds) >= MOST_KINDS:
                key = "", "is wrong otherwise"
            kind = self._kinds.get(key)
            if kind is None:
                kind = Kind(self.unit, key[0], wrong.value, key[1], wrong.hint())
                self._kinds[key] = kind
            kind.count += 1
            if len(kind.lines) < LINES_KEPT and record.line not in kind.lines:
                kind.lines.append(record.line)

    def __iter__(self) -> Iterator[Kind]:
        """Those first that stand first in the file."""
        return iter(self._kinds.values())

    def __len__(self) -> int:
        return len(self._kinds)


def because(wrongs: list[CellError]) -> str:
    """As a file of rejects says it."""
    return "; ".join(
        f"{wrong.column}: {wrong.words}" if wrong.column else wrong.words for wrong in wrongs
    )


def _one_line(text: str) -> str:
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return seen if len(seen) <= LONGEST_SHOWN else seen[:LONGEST_SHOWN] + "…"
