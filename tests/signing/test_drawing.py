"""A drawing has exactly what the code has that is known elsewhere, with white around it."""

import re

import segno

from services.promotion.signing.codes import address_of
from services.promotion.site.drawing import QUIET, drawn

LINE = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def test_each_module_stands_where_it_should() -> None:
    text = address_of(b"12345678901234567890", "The house of É", "ana")
    drawing, known = drawn(text), segno.make_qr(text, error="m").matrix
    assert drawing.size == len(known) + 2 * QUIET
    black = {
        (int(x) + step, int(y))
        for x, y, length, _ in LINE.findall(drawing.path)
        for step in range(int(length))
    }
    assert LINE.sub("", drawing.path) == ""
    assert black == {
        (x + QUIET, y + QUIET) for y, row in enumerate(known) for x, bit in enumerate(row) if bit
    }
