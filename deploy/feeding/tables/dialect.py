"""How a CSV file separates and quotes: told, or so that the columns of the mapping are found."""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from deploy.feeding.tables.header import as_wanted
from shared.mapping.codes import bare
from shared.mapping.language import FileShape

SEPARATORS, QUOTES = (",", ";", "\t", "|"), ('"', "'")
LINES_LOOKED_AT = 50
NAMES = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


@dataclass(frozen=True)
class Dialect:
    """A `quote` that is empty means that quotes are signs like others."""

    separator: str
    quote: str
    escape: str | None

    def options(self) -> dict[str, Any]:
        """As the module csv takes them, to read and to write."""
        return {
            "delimiter": self.separator,
            "quotechar": self.quote or None,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "escapechar": self.escape,
            "doublequote": self.escape is None,
        }

    def described(self) -> str:
        separated = NAMES.get(self.separator, f'"{self.separator}"')
        quoted = "" if self.quote == '"' else f", quoted by {self.quote or 'nothing'}"
        return f"separated by {separated}{quoted}"


def dialect_of(lines: Sequence[str], shape: FileShape, wanted: Collection[str]) -> Dialect:
    """`lines` are the first ones, from the header on. That dialect is best in which most columns
    that are wanted are in the header; then the one with most columns; then the more usual one."""
    told = separator_told(lines)
    separators = (shape.separator or told,) if shape.separator or told else SEPARATORS
    quotes = QUOTES if shape.quote is None else (shape.quote,)
    candidates = [Dialect(sign, quote, shape.escape) for quote, sign in product(quotes, separators)]
    return max(candidates, key=lambda dialect: _fit(dialect, lines[bool(told) :], shape, wanted))


def separator_told(lines: Sequence[str]) -> str:
    """By a first line such as `sep=;`, as spreadsheets write and hide it."""
    line = lines[0].rstrip("\r\n") if lines else ""
    return line[4:] if line[:4].lower() == "sep=" and len(line) == len("sep=;") else ""


def _fit(
    dialect: Dialect, lines: Sequence[str], shape: FileShape, wanted: Collection[str]
) -> tuple[int, int]:
    rows = list(islice(_rows(dialect, lines), LINES_LOOKED_AT))
    if not rows:
        return 0, 0
    if shape.columns:
        return sum(len(row) == len(shape.columns) for row in rows), len(rows[0])
    there = as_wanted([bare(cell) for cell in rows[0]], wanted)
    return len(set(there) & set(wanted)), len(rows[0])


def _rows(dialect: Dialect, lines: Sequence[str]) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, **dialect.options())
    except csv.Error:
        return
