"""A point on the map, as events keep it: degrees of WGS84 in one text, so that it can be sealed."""

import re
from math import cos, hypot, radians
from typing import NamedTuple

MOST_DECIMALS = 6
"""A tenth of a metre; nobody knows where a lamp is any better."""

METRES_IN_A_DEGREE = 111_320
"""Of latitude."""

_WRITTEN = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)")


class Point(NamedTuple):
    latitude: float
    longitude: float

    def rounded(self, decimals: int) -> "Point":
        return Point(*(round(each, decimals) + 0.0 for each in self))

    def metres_to(self, other: "Point") -> float:
        """As on a plane: for what is near."""
        up = self.latitude - other.latitude
        aside = (self.longitude - other.longitude) * cos(radians(self.latitude))
        return hypot(up, aside) * METRES_IN_A_DEGREE


class OutsideError(Exception):
    """No place holds a point; says so to whoever sent it, without repeating it."""


def written(point: Point) -> str:
    return ",".join(map(_degrees, point))


def read(text: str) -> Point | None:
    """None where there is none, or it is sealed."""
    found = _WRITTEN.fullmatch(text)
    return Point(float(found[1]), float(found[2])) if found else None


def _degrees(of: float) -> str:
    text = f"{of:.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
