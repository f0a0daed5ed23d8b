"""Words for what is wrong with a file of TOML, whatever it is about."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from shared.runtime.outside import harmless

MUST_BE = {
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "dict_type": "must be a table",
    "list_type": "must be a list",
}
LONGEST_SHOWN, LONGEST_INT = 60, 10_000
MOST_SHOWN = 50


def shown(value: Any) -> str:
    """As it may stand in the file."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            text = f'"{value}"' if value.isprintable() else repr(value)
        case dict():
            return "a table"
        case list():
            return "a list"
        case int() if value.bit_length() > LONGEST_INT:  # Python writes no longer ones in tens
            text = hex(value)
        case _:
            text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def meant(given: str, known: Iterable[str]) -> str:
    """What may have been meant, else what there is."""
    names = list(known)
    close = get_close_matches(given, names, n=1)
    if close:
        return f'; "{_on_one_line(close[0])}" may be meant'
    more = f" and {len(names) - MOST_SHOWN:,} more" if len(names) > MOST_SHOWN else ""
    return f"; there are {', '.join(map(_on_one_line, names[:MOST_SHOWN]))}{more}"


def _on_one_line(name: str) -> str:
    """It may come from a file of somebody else, as its columns do."""
    return harmless(name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN] + "…")
