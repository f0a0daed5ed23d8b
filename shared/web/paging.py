"""A long list, a page at a time: the newest, and from there to what is older."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Paged:
    """`newest` and `older` are addresses; nothing where there is no such page."""

    rows: Sequence[Row]
    newest: str
    older: str


def paged(
    found: Sequence[Row],
    at_once: int,
    path: str,
    before: int | None,
    key: str,
    **cut: str | None,
) -> Paged:
    """`found` is one row more than a page has, if there are older ones. `before` is where this page
    began, `key` the column that tells where the next one does; `cut` goes along."""
    rows = found[:at_once]
    is_more = len(found) > at_once
    return Paged(
        rows,
        newest=address(path, **cut) if before is not None else "",
        older=address(path, **cut, before=rows[-1][key]) if is_more else "",
    )


def address(path: str, **query: object) -> str:
    """Without what is nothing."""
    text = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{text}" if text else path
