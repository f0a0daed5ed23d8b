"""A square window onto a charter's map: what of it a picture shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from shared.contracts.point import METRES_IN_A_DEGREE, Point

LEAST_COSINE = 0.05
ROOM = 1.06
"""So that what is shown does not touch the frame."""

MOST_NORTH, MOST_EAST = 90.0, 180.0


@dataclass(frozen=True)
class Window:
    """`height` is in degrees of latitude."""

    middle: Point
    height: float

    @property
    def width(self) -> float:
        return self.height / max(LEAST_COSINE, cos(radians(self.middle.latitude)))

    @property
    def metres(self) -> float:
        return self.height * METRES_IN_A_DEGREE

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        north, east = self.middle
        half, aside = self.height / 2, self.width / 2
        return east - aside, north - half, east + aside, north + half

    def at(self, across: float, down: float) -> Point:
        """Both from 0 to 1."""
        west, _, _, north = self.bounds
        latitude = min(MOST_NORTH, max(-MOST_NORTH, north - down * self.height))
        return Point(latitude, min(MOST_EAST, max(-MOST_EAST, west + across * self.width)))

    def of(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where that is: from 0 to 1 if it shows."""
        west, _, _, north = self.bounds
        return (longitude - west) / self.width, (north - latitude) / self.height


def around(bounds: Sequence[float]) -> Window:
    """West, south, east and north of what is to be shown."""
    west, south, east, north = bounds
    middle = Point((south + north) / 2, (west + east) / 2)
    wide = (east - west) * max(LEAST_COSINE, cos(radians(middle.latitude)))
    return Window(middle, max(north - south, wide, 1e-4) * ROOM)
