"""Cells of a table that no spreadsheet takes for a formula."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a table program would take for one."""

_IN_PARTS = re.compile(r"([;,\t|]\s*)(?=[=+\-@])")
"""Where programs of other countries take a new cell to begin."""


def harmless(text: str) -> str:
    text = f"'{text}" if text.startswith(FORMULA) else text
    return _IN_PARTS.sub(r"\1'", text)
