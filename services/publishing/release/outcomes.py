"""Which outcomes of released reports may be told: of one cell only many of a kind, and never so
that few are left without one."""

from collections.abc import Collection, Hashable, Mapping
from itertools import combinations
from typing import TypeVar

from services.publishing.release.people import Weigh

K = TypeVar("K", bound=Hashable)


def told(
    left: set[K],
    waiting: Mapping[str, Collection[K]],
    few: int,
    weigh: Weigh = len,
) -> tuple[str, ...]:
    """The kinds of outcome that may go out, all that waits of each. `left` are the reports of the
    cell of which none was told; afterwards these must be none, or not fewer than `few`, else the
    difference would be a small figure. As much as can be goes out. `weigh` tells as how many they
    count."""
    ready = sorted(kind for kind, those in waiting.items() if weigh(those) > few)
    choices = [each for size in range(len(ready), 0, -1) for each in combinations(ready, size)]
    choices.sort(key=lambda kinds: -sum(len(waiting[kind]) for kind in kinds))
    for kinds in choices:
        rest = left.difference(*(waiting[kind] for kind in kinds))
        if not rest or weigh(rest) >= few:
            return kinds
    return ()
