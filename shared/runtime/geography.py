"""Where the places of a charter lie, and which of them holds a point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shapely import STRtree
from shapely.errors import GEOSException
from shapely.geometry import Point as Spot
from shapely.geometry import shape
from shapely.validation import explain_validity

from shared.contracts.point import OutsideError, Point
from shared.runtime.areas import Area

MOST_EAST, MOST_NORTH = 180, 90


@dataclass(frozen=True)
class Geography:
    """`names` are those of places by code."""

    areas: Sequence[Area]
    names: Mapping[str, str]

    @cached_property
    def _shapes(self) -> list[Any]:
        return [shape(area.geometry) for area in self.areas]

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree(self._shapes)

    def place_of(self, point: Point) -> str:
        """The narrowest that holds it; where borders meet the smallest area, and then the first.
        Raises OutsideError."""
        spot = Spot(point.longitude, point.latitude)
        found = self._tree.query(spot, predicate="intersects")
        if not len(found):
            nearest = self.areas[int(self._tree.nearest(spot))].place
            raise OutsideError(f"It lies in no place of this charter; {self._named(nearest)}.")
        return self.areas[min(map(int, found), key=self._rank)].place

    def _rank(self, number: int) -> tuple[int, float, int]:
        return -self.areas[number].place.count("."), self._shapes[number].area, number

    def _named(self, place: str) -> str:
        return f"the nearest is {place} ({self.names.get(place, place)})"


def wrong_in(areas: Sequence[Area]) -> list[tuple[Area, str]]:
    """Those whose borders make no area."""
    found = []
    for area in areas:
        try:
            drawn = shape(area.geometry)
        except (GEOSException, ValueError, TypeError, IndexError):
            found.append((area, "its rings are not made of points"))
            continue
        if drawn.is_empty or not drawn.is_valid:
            found.append((area, explain_validity(drawn)))
        elif not _is_on_earth(drawn.bounds):
            words = "its points are no degrees, longitude first; give it in WGS84 (EPSG:4326)"
            found.append((area, words))
    return found


def _is_on_earth(bounds: Sequence[float]) -> bool:
    west, south, east, north = bounds
    return west >= -MOST_EAST and east <= MOST_EAST and south >= -MOST_NORTH and north <= MOST_NORTH
