"""What came from outside, for terminals and logs: shown, and never obeyed."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from shared.contracts.values import MOST_MARKS

JOINERS = "\u200c\u200d"
"""Without them whole languages are written wrongly; they steer nothing."""

_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def harmless(text: str, keep: str = "") -> str:
    """Escaped is what steers a terminal, turns the direction of writing, breaks the line, can't be
    seen, or is piled up over what stands around it."""
    if text.isascii() and text.isprintable():
        return text
    shown, marks = [], 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind[0] == "M" else marks if sign in JOINERS else 0
        hidden = kind in _HIDDEN and sign not in JOINERS and sign not in keep
        escaped = hidden or marks > MOST_MARKS
        shown.append(sign.encode("unicode_escape").decode() if escaped else sign)
    return "".join(shown)


def harmless_values(value: Any) -> Any:
    """The same for all texts in it, names too."""
    match value:
        case str():
            return harmless(value)
        case Mapping():
            return {harmless_values(name): harmless_values(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [harmless_values(each) for each in value]
        case None | bool() | int() | float():
            return value
        case _:
            return harmless(repr(value))
