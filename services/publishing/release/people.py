"""How many people stand behind reports: who is known counts once, however much they report.

Behind reports of nobody may stand one person alone. Did they count as nobody, a source that knows
no names would never show anything; did each count, one person could make a figure of a neighbour's
appear. So a number of them counts as one, and that is how many somebody would have to send for each
person that they pretend to be.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Any

Weigh = Callable[[Collection[Any]], int]
"""As how many it counts, in view of what must not be a small figure. What is added never makes it
less, and one more never makes it more than one more: all that is proven rests on that."""


def counted(whos: Iterable[str | None], anonymous_as_one: int) -> int:
    """`whos` are the correspondents of reports, or none."""
    known, nobodies = set[str](), 0
    for who in whos:
        if who is None:
            nobodies += 1
        else:
            known.add(who)
    return len(known) + nobodies // anonymous_as_one


def by_people(who: Mapping[Hashable, str | None], anonymous_as_one: int) -> Weigh:
    """Of reports by their ids."""
    return lambda reports: counted((who[each] for each in reports), anonymous_as_one)
