"""Where the places of a charter lie, and which of them holds a point."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shapely import STRtree, box, clip_by_rect, total_bounds
from shapely.errors import GEOSException
from shapely.geometry import Point as Spot
from shapely.geometry import shape
from shapely.validation import explain_validity

from shared.contracts.place import is_within
from shared.contracts.point import OutsideError, Point
from shared.runtime.areas import Area
from shared.runtime.map_window import Window, around

MOST_EAST, MOST_NORTH = 180, 90
BESIDE = 0.001
"""Degrees: areas whose borders were drawn apart lie side by side, if they are no farther."""
DOTS = 576
"""A picture is looked at with so many at most in each direction; what is finer is left out."""


@dataclass(frozen=True)
class Outline:
    """Of a place, as far as it shows: rings of spots from 0 to 1 across and down, and where its
    name may stand, with the room there."""

    place: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    middle: tuple[float, float]
    room: float


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

    def beside(self, place: str) -> list[str]:
        """The places whose areas meet one of its own, without those that it lies in or that lie in
        it."""
        found = set[str]()
        for area, drawn in zip(self.areas, self._shapes, strict=True):
            if area.place == place:
                near = self._tree.query(drawn, predicate="dwithin", distance=BESIDE)
                found |= {self.areas[int(number)].place for number in near}
        return sorted(
            each for each in found if not is_within(each, place) and not is_within(place, each)
        )

    @cached_property
    def whole(self) -> Window:
        """All that there is on the map."""
        return around([float(each) for each in total_bounds(self._shapes)])

    def window_of(self, place: str) -> Window | None:
        """None for a place that has no area."""
        own = [
            drawn
            for area, drawn in zip(self.areas, self._shapes, strict=True)
            if area.place == place
        ]
        return around([float(each) for each in total_bounds(own)]) if own else None

    def outlines(self, window: Window) -> list[Outline]:
        """Of all that show, the widest places first."""
        frame = window.bounds
        shown = sorted(map(int, self._tree.query(box(*frame))), key=self._rank, reverse=True)
        found = (self._outline(number, window) for number in shown)
        return [each for each in found if each.rings]

    def _outline(self, number: int, window: Window) -> Outline:
        clipped = clip_by_rect(self._shapes[number], *window.bounds)
        drawn = clipped.simplify(window.height / DOTS, preserve_topology=False)
        parts = [each for each in _parts(drawn) if not each.is_empty]
        rings = tuple(
            tuple(window.of(*spot[:2]) for spot in ring.coords[:-1])
            for part in parts
            for ring in (part.exterior, *part.interiors)
        )
        largest = max(parts, key=lambda each: each.area, default=None)
        if largest is None:
            return Outline(self.areas[number].place, (), (0, 0), 0)
        spot = largest.representative_point()
        west, _, east, _ = largest.bounds
        room = (east - west) / window.width
        return Outline(self.areas[number].place, rings, window.of(spot.x, spot.y), room)

    def _rank(self, number: int) -> tuple[int, float, int]:
        return -self.areas[number].place.count("."), self._shapes[number].area, number

    def _named(self, place: str) -> str:
        return f"the nearest is {place} ({self.names.get(place, place)})"


def _parts(drawn: Any) -> Iterator[Any]:
    """Clipped at the frame it may be anything; only areas are drawn."""
    if drawn.geom_type == "Polygon":
        yield drawn
    for each in getattr(drawn, "geoms", ()):
        yield from _parts(each)


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
