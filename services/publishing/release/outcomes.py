"""Which outcomes of released reports may be told: of one cell only many of a kind, and never so
that few are left without one."""

from collections.abc import Mapping
from itertools import combinations


def told(left: int, waiting: Mapping[str, int], few: int) -> tuple[str, ...]:
    """The kinds of outcome that may go out, all that waits of each. `left` are the reports of the
    cell of which none was told; afterwards these must be none, or not fewer than `few`, else the
    difference would be a small figure. As much as can be goes out."""
    ready = sorted(kind for kind, count in waiting.items() if count > few)
    choices = [each for size in range(len(ready), 0, -1) for each in combinations(ready, size)]
    choices.sort(key=lambda kinds: -sum(waiting[kind] for kind in kinds))
    for kinds in choices:
        rest = left - sum(waiting[kind] for kind in kinds)
        if rest == 0 or rest >= few:
            return kinds
    return ()
