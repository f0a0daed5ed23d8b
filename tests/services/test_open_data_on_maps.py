"""GeoJSON of the open data: reports by their points, places by their areas, by RFC 7946."""

from dataclasses import replace
from typing import Any

import httpx
from public_site import CHARTER, PublicSite, public_site
from shapely.geometry import shape
from sqlalchemy import Engine
from taken_data import STORY, rows

from services.publishing.site.opendata.datasets import DATASETS
from shared.runtime.areas import Area
from shared.testing.examples import PUBLIC_REPORT_FILED, varied

ROXBURY, BOSTON = "us.ma.boston.roxbury", "us.ma.boston"


def square(west: float, south: float) -> list[list[list[float]]]:
    east, north = west + 0.05, south + 0.05
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


AREAS = (
    Area(1, ROXBURY, {"type": "Polygon", "coordinates": square(-71.1, 42.3)}),
    Area(2, BOSTON, {"type": "Polygon", "coordinates": square(-71.2, 42.3)}),
    Area(
        3,
        BOSTON,
        {"type": "MultiPolygon", "coordinates": [square(-71.0, 42.3), square(-70.9, 42.3)]},
    ),
)


async def features(client: httpx.AsyncClient, dataset: str) -> list[dict[str, Any]]:
    """As RFC 7946 has them: no other members, east before north, rings that close."""
    answer = await client.get(f"/data/{dataset}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    assert told.keys() == {"type", "features"}
    assert told["type"] == "FeatureCollection"
    for each in told["features"]:
        assert each.keys() == {"type", "geometry", "properties"}
        assert each["type"] == "Feature"
        if each["geometry"] is not None:
            west, south, east, north = shape(each["geometry"]).bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90
    return list(told["features"])


async def test_reports_stand_where_they_are_and_those_without_a_point_nowhere(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    (only,) = await features(client, "reports")
    assert only["geometry"] == {"type": "Point", "coordinates": [-71.083, 42.331]}
    told = {each["report"]: each for each in await rows(client, "reports")}
    assert len(told) == 2
    assert only["properties"] == told[only["properties"]["report"]]
    catalogue = (await client.get("/data/catalog.jsonld")).json()["dcat:dataset"][0]
    counts = {each["dct:title"]: each["tribune:rows"] for each in catalogue["dcat:distribution"]}
    assert (counts["reports.csv"], counts["reports.geojson"]) == (2, 1)


async def test_places_have_their_areas_and_figures(database: Engine) -> None:
    charter = replace(CHARTER, areas=AREAS)
    async with public_site(database, charter=charter) as site, site.client() as client:
        await site.hears(*STORY)
        found = {each["properties"]["place"]: each for each in await features(client, "places")}
        told = {each["place"]: each for each in await rows(client, "places")}
    assert {place: each["properties"] for place, each in found.items()} == told
    assert found[ROXBURY]["geometry"] == AREAS[0].geometry
    assert len(found[BOSTON]["geometry"]["coordinates"]) == 3, "several areas of one are one"
    assert found["us.ma.salem"]["geometry"] is None


async def test_what_has_no_place_on_a_map_is_not_there_as_geojson(
    client: httpx.AsyncClient,
) -> None:
    there = {each.name for each in DATASETS if each.point or each.has_areas}
    assert there == {"reports", "places"}
    assert (await client.get("/data/checks.geojson")).status_code == 404
    assert await features(client, "reports") == []


async def test_where_it_is_is_told_no_closer_than_in_public(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """A point that PUBLIC does not have is nowhere, whatever else is known of the report."""
    await site.hears(varied(PUBLIC_REPORT_FILED, latitude=42.3, longitude=None))
    assert await features(client, "reports") == []
