"""Made-up correspondents, for demonstrations on data that name no reporters."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from shared.mapping.codes import REMEMBERED, code_of


def made_up(parts: Sequence[str], turn: str, size: int, covering: int) -> str:
    """One of `size` correspondents of the first part; `covering` of them take turns in the rest."""
    place, *rest = parts
    whose_turn = uuid5(NAMESPACE_URL, turn).int % covering
    number = _number(f"{place}/{'/'.join(rest)}/{whose_turn}") % size
    return f"{code_of(place) or 'city'}-{number + 1}"


@lru_cache(REMEMBERED)
def _number(text: str) -> int:
    return uuid5(NAMESPACE_URL, text).int
