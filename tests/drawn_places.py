"""A small map of two places side by side, for tests that press on it."""

from typing import Any

from services.intake.site.report_map import ReportMap
from shared.runtime.areas import Area
from shared.runtime.geography import Geography
from shared.testing.examples import DORCHESTER, ROXBURY

NAMES = {ROXBURY: "Roxbury", DORCHESTER: "Dorchester"}
WEST, MIDDLE, EAST, SOUTH, NORTH = -71.2, -71.1, -71.0, 42.25, 42.35


def area(number: int, place: str, west: float, east: float) -> Area:
    ring = [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]
    geometry: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
    return Area(number, place, geometry)


AREAS = (area(1, ROXBURY, WEST, MIDDLE), area(2, DORCHESTER, MIDDLE, EAST))


def two_places() -> ReportMap:
    return ReportMap(Geography(AREAS, NAMES))
