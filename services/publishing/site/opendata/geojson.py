"""GeoJSON (RFC 7946) of what lies somewhere: places with their areas, reports with their points."""

from collections import defaultdict
from typing import Any

from services.publishing.site.opendata.columns import Dataset, Shown
from services.publishing.site.opendata.formats import Format, as_json
from services.publishing.site.opendata.sink import Sink
from shared.eventsourcing.projections.read_model import Row

MEDIA_TYPE = "application/geo+json"
BEGIN, END = b'{"type":"FeatureCollection","features":[', b"\n]}\n"


class AsGeoJson:
    """What has no point is left out; a place without an area is there without one."""

    def __init__(self, dataset: Dataset, shown: Shown, sink: Sink) -> None:
        self._sink, self._point, self._before = sink, dataset.point, b"\n"
        self._areas = _areas(shown) if dataset.has_areas else {}
        sink.write(BEGIN)

    def row(self, row: Row) -> bool:
        geometry = self._point_of(row) if self._point else self._areas.get(row["place"])
        if geometry is None and self._point:
            return False
        feature = {"type": "Feature", "geometry": geometry, "properties": row}
        self._sink.write(self._before + as_json(feature).encode())
        self._before = b",\n"
        return True

    def end(self) -> None:
        self._sink.write(END)

    def _point_of(self, row: Row) -> dict[str, Any] | None:
        north, east = (row[name] for name in self._point or ())
        if north is None or east is None:
            return None
        return {"type": "Point", "coordinates": [east, north]}


def _areas(shown: Shown) -> dict[str, dict[str, Any]]:
    """By place: several of one are one."""
    found = defaultdict[str, list[Any]](list)
    for area in shown.charter.areas:
        rings = area.geometry["coordinates"]
        found[area.place] += [rings] if area.geometry["type"] == "Polygon" else rings
    return {place: _of_polygons(polygons) for place, polygons in found.items()}


def _of_polygons(polygons: list[Any]) -> dict[str, Any]:
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _lies_somewhere(dataset: Dataset) -> bool:
    return dataset.point is not None or dataset.has_areas


GEOJSON = Format("geojson", MEDIA_TYPE, "GeoJSON", _lies_somewhere, AsGeoJson)
