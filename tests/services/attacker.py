"""Who has all of PUBLIC on each day, and the rule itself, and tries every town that there could be.

A town is how many reports wait on each day in each place and sector. Those of which the very code
of the gate would have let out what it did are possible; what is the same in all of them is known.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from services.publishing.release.cells import Cell, of_a_report, settled
from services.publishing.release.outcomes import told as told_of

Counts = tuple[int, ...]
Seen = frozenset[tuple[Cell, int]]


class Day(NamedTuple):
    seen: Seen
    held: Counts


class Filed:
    """Reports of `leaves`, places with a sector; `few` is what the rule goes by."""

    def __init__(self, leaves: Sequence[tuple[str, str]], few: int) -> None:
        self.leaves = leaves
        self._few = few
        self._ways = [of_a_report(*leaf) for leaf in leaves]
        self._known: dict[Counts, Day] = {}

    def day(self, waiting: Counts) -> Day:
        """What goes out, and what stays held."""
        if waiting not in self._known:
            ways = {(n, i): self._ways[n] for n, c in enumerate(waiting) for i in range(c)}
            found = settled(ways, self._few)
            left = Counter(n for n, _ in ways.keys() - found.keys())
            held = tuple(left[n] for n in range(len(waiting)))
            self._known[waiting] = Day(frozenset(Counter(found.values()).items()), held)
        return self._known[waiting]

    def towns(self, seen: Seen) -> Iterator[Counts]:
        """Which may have waited. What was told of a leaf by itself is known; of any other no more
        than a few did."""
        told_of = dict(seen)
        choices = [
            [told_of[Cell(*leaf)]] if Cell(*leaf) in told_of else range(self._few + 1)
            for leaf in self.leaves
        ]
        return (each for each in product(*choices) if self.day(each).seen == seen)


def possible_sums(
    town: Filed, seen: Sequence[Seen], of: Collection[int], since: int, through: int
) -> set[int]:
    """What the number of reports that were filed on the days from `since` to `through` in some of
    the leaves can have been, by all that was ever seen."""
    none = tuple(0 for _ in town.leaves)
    states: set[tuple[Counts, int]] = {(none, 0)}
    for day, of_day in enumerate(seen):
        states = {
            (town.day(waiting).held, total + _new(waiting, held, of) * (since <= day <= through))
            for waiting in town.towns(of_day)
            for held, total in states
            if all(map(int.__le__, held, waiting))
        }
    return {total for _, total in states}


def _new(waiting: Counts, held: Counts, of: Collection[int]) -> int:
    return sum(waiting[each] - held[each] for each in of)


class Outcomes(NamedTuple):
    """What waits in one cell, of either kind."""

    confirmed: int
    refuted: int


Rule = Callable[[int, Mapping[str, int], int], tuple[str, ...]]


def told(left: int, waiting: Mapping[str, int], few: int) -> tuple[str, ...]:
    """The gate's own rule, of reports that are each somebody else's."""
    if sum(waiting.values()) > left:
        return ()  # no such cell
    reports = iter(range(left))
    those = {kind: [next(reports) for _ in range(count)] for kind, count in waiting.items()}
    return told_of(set(range(left)), those, few)


def outcomes_of_day(left: int, waiting: Outcomes, few: int, rule: Rule = told) -> tuple[str, ...]:
    counts = {name: count for name, count in waiting._asdict().items() if count}
    return rule(left, counts, few)


def possible_outcomes(
    filed: Sequence[int], seen: Sequence[Mapping[str, int]], few: int, rule: Rule = told
) -> list[set[tuple[int, int, int]]]:
    """For each day what may have been true at its end: how many of the cell's reports were
    confirmed, refuted and open. `filed` and `seen` are what came out on each day."""
    forward: list[dict[Outcomes, set[Outcomes]]] = []
    before, left, out = {Outcomes(0, 0)}, 0, Counter[str]()
    facts: list[tuple[int, Counter[str]]] = []
    for new, of_day in zip(filed, seen, strict=True):
        left += new
        states: dict[Outcomes, set[Outcomes]] = {}
        for y, z in product(range(left + 1), repeat=2):
            waiting = Outcomes(y, z)
            kinds = outcomes_of_day(left, waiting, few, rule)
            if y + z > left or {kind: getattr(waiting, kind) for kind in kinds} != of_day:
                continue
            if came := {each for each in before if each[0] <= y and each[1] <= z}:
                states.setdefault(waiting._replace(**dict.fromkeys(kinds, 0)), set()).update(came)
        left -= sum(of_day.values())
        out += Counter(of_day)
        facts.append((left, out.copy()))
        forward.append(states)
        before = set(states)
    good = before
    found: list[set[tuple[int, int, int]]] = []
    for (rest, told_so_far), states in zip(reversed(facts), reversed(forward), strict=True):
        found.append(
            {
                (told_so_far["confirmed"] + y, told_so_far["refuted"] + z, rest - y - z)
                for y, z in good
            }
        )
        good = {each for state in good for each in states[state]}
    return found[::-1]
