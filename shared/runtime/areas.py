"""Reads `places.geojson` of a charter: which areas its places have. Says all that is wrong."""

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.contracts.point import Point
from shared.runtime.finding import Finding

if TYPE_CHECKING:
    from shared.runtime.geography import Geography

FILE = "places.geojson"
LARGEST = 50 * 1024**2
PROPERTY = "place"
OF_AREAS = ("Polygon", "MultiPolygon")

Locate = Callable[[Point], str]
"""The place that holds a point. Raises OutsideError."""


@dataclass(frozen=True)
class Area:
    """`number` is that of its feature, from 1; several may be of one place."""

    number: int
    place: str
    geometry: dict[str, Any]


def read_areas(
    directory: Path, places: Container[str], *, borders: bool = True
) -> tuple[list[Area], list[Finding]]:
    """No areas where there is no such file. Without `borders` their rings are not looked at yet."""
    path = directory / FILE
    try:
        if path.stat().st_size > LARGEST:
            return [], [Finding(FILE, None, "is larger than 50 MB; simplify its borders")]
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [Finding(FILE, None, f"can't be read: {error.strerror}")]
    except (ValueError, RecursionError):
        return [], [Finding(FILE, None, "is no JSON in UTF-8")]
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        words = "is no FeatureCollection with features, as GeoJSON (RFC 7946) has it"
        return [], [Finding(FILE, None, words)]
    areas, findings = list[Area](), list[Finding]()
    for number, feature in enumerate(features, 1):
        each = _area(number, feature, places)
        if isinstance(each, Area):
            areas.append(each)
        else:
            findings.append(Finding(FILE, None, f"feature {number}: {each}"))
    return areas, findings or (list(wrong_borders(areas)) if borders else [])


def locating(areas: Sequence[Area], names: Mapping[str, str]) -> Locate | None:
    """None where nobody said where places lie."""
    found = geography_of(areas, names)
    return found.place_of if found else None


def geography_of(areas: Sequence[Area], names: Mapping[str, str]) -> "Geography | None":
    if not areas:
        return None
    from shared.runtime.geography import Geography  # noqa: PLC0415

    return Geography(areas, names)


def _area(number: int, feature: Any, places: Container[str]) -> Area | str:
    said = feature if isinstance(feature, dict) else {}
    properties, geometry = said.get("properties"), said.get("geometry")
    place = properties.get(PROPERTY) if isinstance(properties, dict) else None
    if not isinstance(place, str):
        return f'has no property "{PROPERTY}", which names a code of places.toml'
    if place not in places:
        return f'"{place}" is not in places.toml'
    if not isinstance(geometry, dict) or geometry.get("type") not in OF_AREAS:
        return f"its geometry must be a {' or a '.join(OF_AREAS)}"
    return Area(number, place, geometry)


def wrong_borders(areas: Sequence[Area]) -> Iterator[Finding]:
    """What looks at borders takes memory, so it comes only where there are some."""
    from shared.runtime.geography import wrong_in  # noqa: PLC0415

    for area, words in wrong_in(areas):
        yield Finding(FILE, None, f"feature {area.number} ({area.place}): {words}")
