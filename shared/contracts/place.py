"""Hierarchical place codes such as `us.ma.boston.roxbury`, and the root of all of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")

EVERYWHERE = "everywhere"
"""The root of every register of places: what is about all of them, or about none of them more than
another, stands there. It is part of no other code."""


def way_to(place: str) -> list[str]:
    """The way from the root to a place; empty for the root itself."""
    return [] if place == EVERYWHERE else place.split(".")


def regions(place: str) -> Iterator[str]:
    """A place, and all in which it lies, up to the root."""
    way = way_to(place)
    yield from (".".join(way[:parts]) for parts in range(len(way), 0, -1))
    yield EVERYWHERE


def of_smallest(place: str, by_region: Mapping[str, T], otherwise: T) -> T:
    """What stands there for the smallest place in which this one is."""
    return next((by_region[each] for each in regions(place) if each in by_region), otherwise)


def is_within(place: str, region: str) -> bool:
    return region in (place, EVERYWHERE) or place.startswith(region + ".")


def common_region(places: Iterable[str]) -> str:
    """The smallest place that holds all of them; at the last that is the root."""
    shared: list[str] = []
    for together in zip(*map(way_to, places), strict=False):
        if len(set(together)) > 1:
            break
        shared.append(together[0])
    return ".".join(shared) or EVERYWHERE
