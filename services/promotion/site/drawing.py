"""A text as a QR code, for a page to draw."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4
"""Modules of white around it, without which cameras do not find it."""


@dataclass(frozen=True)
class Drawing:
    """A square of `size` modules, and what of it is black, as an SVG path."""

    size: int
    path: str


def drawn(text: str) -> Drawing:
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    return Drawing(len(rows) + 2 * QUIET, "".join(_line(y, row) for y, row in enumerate(rows)))


def _line(y: int, row: bytes) -> str:
    path, x = "", QUIET
    for is_black, same in groupby(row):
        length = len(list(same))
        path += f"M{x} {y + QUIET}h{length}v1h-{length}z" if is_black else ""
        x += length
    return path
