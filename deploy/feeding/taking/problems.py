"""What is wrong with the rows of a file: of each kind how often, and the first lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.feeding.tables.record import Record
from shared.mapping.cells import CellError
from shared.runtime.outside import harmless

LINES_KEPT = 5
MOST_KINDS = 200
LONGEST_SHOWN = 60


@dataclass
class Kind:
    """One thing that is wrong; `first` are lines with the values that are so."""

    unit: str
    column: str
    words: str
    hint: str
    first: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def __str__(self) -> str:
        (line, value), *others = self.first
        column = f", column {harmless(self.column)}" if self.column else ""
        hint = f"; {self.hint}" if self.hint else ""
        also = [f"{self.unit} {other:,}{quoted(' ', said)}" for other, said in others]
        if self.count > len(self.first):
            also.append(f"{self.count - len(self.first):,} more")
        so = f" (so {', '.join(also)})" if also else ""
        said = quoted("", value) or ("it" if self.column else "the row")
        return f"{self.unit} {line:,}{column}: {said} {self.words}{hint}{so}"


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
                kind = Kind(self.unit, *key, wrong.hint())
                self._kinds[key] = kind
            kind.count += 1
            if len(kind.first) < LINES_KEPT:
                kind.first.append((record.line, wrong.value))

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


def quoted(before: str, value: str) -> str:
    return f'{before}"{_one_line(value)}"' if value else ""


def _one_line(text: str) -> str:
    """What steers a terminal is left out; what can't be seen is escaped: it may be the cause."""
    seen = harmless("".join(" " if sign < " " or sign == "\x7f" else sign for sign in text))
    return seen if len(seen) <= LONGEST_SHOWN else seen[:LONGEST_SHOWN] + "…"
