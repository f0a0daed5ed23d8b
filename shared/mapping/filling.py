"""Whether the digits of a text fill a format of times whose numbers stand side by side."""

import re
from collections.abc import Iterator
from functools import cache

_PIECES = re.compile(r"%.|\s+|.", re.DOTALL)
_OF_TWO = ("%d", "%m", "%y", "%H", "%I", "%M", "%S", "%U", "%V", "%W")
_WIDTHS = dict.fromkeys(_OF_TWO, 2) | {"%Y": 4, "%G": 4, "%j": 3, "%u": 1, "%w": 1}
_NUMBERS = {*_WIDTHS, "%f"}


def fills(text: str, form: str) -> bool:
    """Of "%d%m%Y" 01112011 does; 1112011 is the first of November or the eleventh of January."""
    pattern = _pattern(form)
    return pattern is None or pattern.fullmatch(text) is not None


@cache
def _pattern(form: str) -> re.Pattern[str] | None:
    """None where no two numbers stand side by side."""
    pieces = _PIECES.findall(form)
    side_by_side = {at for at in range(1, len(pieces)) if _are_numbers(pieces[at - 1 : at + 1])}
    if not side_by_side:
        return None
    return re.compile("".join(_read(pieces, side_by_side)), re.IGNORECASE)


def _are_numbers(pieces: list[str]) -> bool:
    return all(piece in _NUMBERS or piece.isdecimal() for piece in pieces)


def _read(pieces: list[str], side_by_side: set[int]) -> Iterator[str]:
    for at, piece in enumerate(pieces):
        if piece in _WIDTHS:
            least = _WIDTHS[piece] if {at, at + 1} & side_by_side else 1
            yield rf"\d{{{least},{_WIDTHS[piece]}}}"
        elif piece == "%f":
            yield r"\d{1,6}"
        elif piece.isspace():
            yield r"\s+"
        else:
            yield ".+?" if piece.startswith("%") else re.escape(piece)
