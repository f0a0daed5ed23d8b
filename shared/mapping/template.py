"""Texts with columns in them, as `"{street} {number}"`."""

import re
from collections.abc import Callable, Sequence

Row = dict[str, str]
"""The cells of one row by their columns, without spaces around them; what is empty is ""."""

ROW_NUMBER, FILE_NAME = "#row", "#file"
OF_NO_COLUMN = frozenset({ROW_NUMBER, FILE_NAME})
"""What a template may name beside columns: the number of the row, from 1, and its file's name."""

_PIECES = re.compile(r"(\{\{|\}\}|\{[^{}]+\})")
_BRACES = {"{{": "{", "}}": "}"}


class Template:
    """Raises ValueError where braces stand otherwise than around a column."""

    def __init__(self, text: str) -> None:
        self._columns: list[str] = []
        self._fixed = [""]
        for piece in _PIECES.split(text):
            if piece in _BRACES:
                self._fixed[-1] += _BRACES[piece]
            elif piece.startswith("{") and piece.endswith("}"):
                self._columns.append(piece[1:-1].strip())
                self._fixed.append("")
            elif "{" in piece or "}" in piece:
                raise ValueError(
                    "holds a brace that no column stands in: a column is written {column}, a brace"
                    " itself {{ or }}"
                )
            else:
                self._fixed[-1] += piece

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def filled(self) -> Callable[[Row], str]:
        """The function that puts the cells of a row in."""
        first, *rest = self._fixed
        match self._columns:
            case []:
                return lambda _: first
            case [column] if not first and rest == [""]:
                return lambda row: row[column]
            case columns:
                pairs = list(zip(columns, rest, strict=True))
                return lambda row: (
                    first
                    + "".join([part for column, fixed in pairs for part in (row[column], fixed)])
                )


def joined(row: Row, columns: Sequence[str]) -> str:
    """What is in several columns, with spaces between; nothing without the first."""
    text = row[columns[0]]
    if len(columns) == 1 or not text:
        return text
    return " ".join(filter(None, (row[column] for column in columns)))
