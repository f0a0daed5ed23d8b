"""Hierarchical place codes such as `us.ma.boston.roxbury`."""

from collections.abc import Iterable


def is_within(place: str, region: str) -> bool:
    return place == region or place.startswith(region + ".")


def common_region(places: Iterable[str]) -> str:
    """The smallest place that holds all of them; their first part at the least."""
    paths = [place.split(".") for place in places]
    shared: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ".".join(shared) or paths[0][0]
