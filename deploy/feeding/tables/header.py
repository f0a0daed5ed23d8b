"""Columns as a header names them, and as a mapping does."""

import unicodedata
from collections.abc import Collection, Sequence

from shared.mapping.codes import seen


def as_wanted(names: Sequence[str], wanted: Collection[str]) -> list[str]:
    """With the spelling of the mapping where they differ only in spaces and line breaks, in how
    accents are stored, or in what can't be seen: nobody can tell them apart by looking."""
    there = set(names)
    spelled = {_alike(name): name for name in wanted if name not in there}
    return [name if name in wanted else spelled.get(_alike(name), name) for name in names]


def _alike(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", seen(name)).split())
