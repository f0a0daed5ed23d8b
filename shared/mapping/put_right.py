"""What files write otherwise than events may have it, and can mean only one thing."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, get_args

from pydantic.fields import FieldInfo

from shared.contracts.values import GivenLine

_BREAKS = re.compile(r"\s*[\t\n\v\f\r\x85\u2028\u2029]\s*")
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]{1,3},[0-9]+")
ARABIC_COMMA = "\u066b"
DEGREES = frozenset({"latitude", "longitude"})
_LINE = list(get_args(GivenLine)[1:])


def put_right(field: str, known: FieldInfo) -> Callable[[Any], Any]:
    """The function for values of that field of an event; not for ids, by which things are known."""
    if known.metadata == _LINE:
        return _in_one_line
    return _with_a_dot if field in DEGREES else lambda value: value


def _in_one_line(value: Any) -> Any:
    """Cells of tables that people read are broken into lines, and those of other scripts hold
    marks that turn the direction."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return _BREAKS.sub(" ", value.translate(_TURNING)).strip()


def _with_a_dot(value: Any) -> Any:
    """A number has one comma where it has no dot; digits of any script are read."""
    if not isinstance(value, str):
        return value
    ours = value if value.isascii() else "".join(map(_digit, value))
    return ours.replace(",", ".") if _DECIMAL_COMMA.fullmatch(ours) else ours


def _digit(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "," if sign == ARABIC_COMMA else sign
