"""Under which place and sector something may be released: where more than a few share it.

What too few share is told more coarsely, with others that are in the same case, up to the root.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from services.publishing.release.people import Weigh
from shared.contracts.place import EVERYWHERE, way_to

K = TypeVar("K", bound=Hashable)
G = TypeVar("G", bound=Hashable)


class Cell(NamedTuple):
    """`of` is a sector, a track, or nothing: of any."""

    place: str
    of: str | None


def above(place: str) -> list[str]:
    """The places that hold this one, the smallest first; the last is the root."""
    way = way_to(place)
    wider = [".".join(way[:depth]) for depth in range(len(way) - 1, 0, -1)]
    return [*wider, EVERYWHERE] if way else []


def of_a_report(place: str, sector: str) -> list[Cell]:
    """From the finest to the coarsest: without the sector first, then without the place."""
    return [Cell(place, sector), *(Cell(each, None) for each in (place, *above(place)))]


def of_a_qualification(place: str, track: str) -> list[Cell]:
    """Its track it keeps: a qualification on none would say nothing."""
    return [Cell(each, track) for each in (place, *above(place))]


def settled(ways: Mapping[K, Sequence[Cell]], few: int, weigh: Weigh = len) -> dict[K, Cell]:
    """The cell of each that more than `few` share, with what rose to it from finer ones; who is not
    among them stays held. `weigh` tells as how many they count.

    Not `few` itself: were a cell told from `few - 1` hidden ones on, a sum could be so large that
    each of them must be at its most, and that would be a small figure. So their most is `few`.
    """
    found: dict[K, Cell] = {}
    rising: list[K] = []
    for depth in range(max(map(len, ways.values()), default=0), 0, -1):
        rising += [each for each, way in ways.items() if len(way) == depth]
        together: dict[Cell, list[K]] = {}
        for each in rising:
            together.setdefault(ways[each][-depth], []).append(each)
        rising = []
        for cell, those in together.items():
            if weigh(those) > few:
                found |= dict.fromkeys(those, cell)
            else:
                rising += those
    return found


def settled_apart(
    groups: Mapping[G, Mapping[K, Sequence[Cell]]], few: int, weigh: Weigh = len
) -> Iterator[tuple[G, K, Cell]]:
    """The same of each group as if there were no other."""
    for group, ways in groups.items():
        for each, cell in settled(ways, few, weigh).items():
            yield group, each, cell
