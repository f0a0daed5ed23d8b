"""Where the places of a charter lie: what a point leads to, and what is wrong with a map."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.point import OutsideError, Point
from shared.runtime.areas import FILE, locating, read_areas
from shared.runtime.charter import CharterError, examine, read_charter

NAMES = {"us": "United States", "us.boston": "Boston", "us.boston.roxbury": "Roxbury"}
CHARTER = Path("deploy/charter")


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(place: Any, geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"place": place}, "geometry": geometry}


ISLANDS = {
    "type": "MultiPolygon",
    "coordinates": [square(-60, 40, 1)["coordinates"], square(-50, 40, 1)["coordinates"]],
}
MAP = [
    feature("us.boston.roxbury", square(-71.2, 42.2, 0.1)),
    feature("us", square(-75, 40, 10)),
    feature("us.boston", square(-71.3, 42.1, 0.5)),
    feature("us", ISLANDS),
]


def read(folder: Path, *features: Any) -> tuple[list[Any], list[str]]:
    (folder / FILE).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    areas, findings = read_areas(folder, NAMES)
    return areas, [str(each) for each in findings]


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        (42.25, -71.15, "us.boston.roxbury"),
        (42.2, -71.2, "us.boston.roxbury"),
        (42.55, -71.0, "us.boston"),
        (45.0, -70.0, "us"),
        (40.5, -49.5, "us"),
    ],
)
def test_a_point_is_at_the_narrowest_place_that_holds_it(
    tmp_path: Path, latitude: float, longitude: float, place: str
) -> None:
    areas, wrong = read(tmp_path, *MAP)
    locate = locating(areas, NAMES)
    assert not wrong
    assert locate is not None
    assert locate(Point(latitude, longitude)) == place


def test_outside_of_all_the_nearest_is_named_and_the_point_is_not(tmp_path: Path) -> None:
    areas, _ = read(tmp_path, *MAP[:1])
    locate = locating(areas, NAMES)
    assert locate is not None
    with pytest.raises(OutsideError, match=r"the nearest is us\.boston\.roxbury") as error:
        locate(Point(43.123, -72.456))
    assert "43" not in str(error.value)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ("x", 'no property "place"'),
        ({"type": "Feature", "properties": None}, 'no property "place"'),
        (feature(7, square(0, 0, 1)), 'no property "place"'),
        (feature("us.salem", square(0, 0, 1)), '"us.salem" is not in places.toml'),
        (feature("us", {"type": "Point", "coordinates": [0, 0]}), "Polygon or a MultiPolygon"),
        (feature("us", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}), "(us)"),
        (feature("us", {"type": "Polygon", "coordinates": "x"}), "(us)"),
        (feature("us", {"type": "Polygon", "coordinates": []}), "(us)"),
        (
            feature("us", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}),
            "Self-intersection",
        ),
        (feature("us", square(236_000, 900_000, 10)), "EPSG:4326"),
    ],
)
def test_what_is_wrong_with_a_map(tmp_path: Path, odd: Any, words: str) -> None:
    _, wrong = read(tmp_path, MAP[0], odd)
    (one,) = wrong
    assert one.startswith("places.geojson: feature 2")
    assert words in one


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", '{"features": []}', "\udcff", "[" * 9_999])
def test_what_is_no_map(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    areas, findings = read_areas(tmp_path, NAMES)
    assert (areas, len(findings)) == ([], 1)


def test_a_charter_has_a_map_or_none(tmp_path: Path) -> None:
    for file in CHARTER.glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    charter = examine(tmp_path).charter
    assert charter is not None
    assert (charter.areas, charter.decimals) == ((), 3)
    assert locating(charter.areas, charter.places) is None
    features = [feature("us.ma.boston", square(-71.3, 42.1, 0.5))]
    (tmp_path / FILE).write_text(json.dumps({"features": features}))
    (tmp_path / "body.toml").write_text('name = "B"\ndecimals = 2\n')
    charter = examine(tmp_path).charter
    assert charter is not None
    assert ([each.place for each in charter.areas], charter.decimals) == (["us.ma.boston"], 2)
    bow_tie = [[-71, 42], [-70, 43], [-70, 42], [-71, 43], [-71, 42]]
    crossed = feature("us.ma.boston", {"type": "Polygon", "coordinates": [bow_tie]})
    (tmp_path / FILE).write_text(json.dumps({"features": [crossed]}))
    assert [each.file for each in examine(tmp_path).problems] == [FILE]
    with pytest.raises(CharterError, match=FILE):
        _ = read_charter(tmp_path).geography
    (tmp_path / FILE).write_text("{}")
    assert [each.file for each in examine(tmp_path).problems] == [FILE]
