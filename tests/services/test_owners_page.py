"""How owners keep what they promised, each figure with what it is of."""

import csv
import io
from datetime import date
from typing import Any

import httpx
import pytest
from public_site import PublicSite

from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_WITHDRAWN,
    varied,
)

NOT_YET = date(2999, 1, 1)
SHARE = (
    '<td data-label="Done in time"><span class="whole">2 of 4</span>'
    ' <span class="whole">(50 %)</span></td>'
)


def check(number: int, *events: Event, **said: Any) -> list[Event]:
    """Events of a check of its own."""
    return [varied(each, check=f"{number:032x}", **said) for each in (PUBLIC_CHECK_OPENED, *events)]


LATE = varied(PUBLIC_DONE_CLAIMED, late=True, done_on=date(2030, 1, 20))


async def heard(site: PublicSite) -> None:
    await site.hears(
        *check(1, PUBLIC_DONE_CLAIMED),
        *check(2, PUBLIC_CHECK_OVERDUE, LATE),
        *check(3, PUBLIC_CHECK_OVERDUE),
        *check(4, PUBLIC_CHECK_OVERDUE, PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN),
        *check(5, due_on=NOT_YET),
        *check(6, PUBLIC_DONE_CLAIMED, owner="Arborists", place="us.ma.boston", sector="graffiti"),
        *check(7, owner=None),
        *check(8, PUBLIC_CHECK_OVERDUE, owner="Gone", task="Gone"),
        varied(PUBLIC_WITHDRAWN, id=f"{8:032x}"),
    )


async def rows(client: httpx.AsyncClient, query: str = "") -> list[dict[str, str]]:
    answer = await client.get(f"/owners.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_each_figure_says_what_it_is_of(site: PublicSite, client: httpx.AsyncClient) -> None:
    await heard(site)
    found = [tuple(row.values())[:9] for row in await rows(client)]
    assert found == [
        ("Arborists", "1", "1", "0", "0", "1", "1.0000", "", "0"),
        ("Public Works", "5", "2", "1", "1", "4", "0.5000", "2030-01-14", "0"),
        ("", "1", "0", "0", "1", "1", "0.0000", "2030-01-14", "0"),
    ]
    page = " ".join((await client.get("/owners")).text.split())
    assert SHARE in page
    assert page.index("Arborists") < page.index("Public Works") < page.index("waits for an editor")
    assert "Gone" not in page


@pytest.mark.parametrize(
    ("query", "owners"),
    [
        ("?place=us.ma.boston.roxbury", ["Public Works", ""]),
        ("?place=us.ma", ["Arborists", "Public Works", ""]),
        ("?sector=street-lights", ["Public Works", ""]),
        ("?until=2030-01-13", []),
        ("?from=2030-01-15", ["Public Works"]),
        ("?after=Arborists", ["Public Works", ""]),
        ("?after=Public+Works", [""]),
    ],
)
async def test_they_are_cut_by_place_sector_and_day(
    site: PublicSite, client: httpx.AsyncClient, query: str, owners: list[str]
) -> None:
    await heard(site)
    assert [row["owner"] for row in await rows(client, query)] == owners
    page = await client.get(f"/owners{query}")
    assert page.status_code == 200


async def test_more_than_a_page_go_on_by_name(site: PublicSite, client: httpx.AsyncClient) -> None:
    many = [each for number in range(101) for each in check(number, owner=f"Office {number:03}")]
    await site.hears(*many, *check(101, owner=None))
    first = (await client.get("/owners")).text
    assert "Office 099" in first
    assert "Office 100" not in first
    assert '/owners?after=Office+099"' in first
    second = (await client.get("/owners?after=Office+099")).text
    assert "Office 100" in second
    assert "waits for an editor" in second, "whose words wait are on the last page"


async def test_no_cell_is_a_formula(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(*check(1, owner="=cmd()"))
    assert [row["owner"] for row in await rows(client)] == ["'=cmd()"]


async def test_patterns_are_by_place_sector_month_or_owner(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await heard(site)
    refuted = varied(PUBLIC_CLAIM_REFUTED, check=f"{1:032x}")
    await site.hears(refuted, *check(9, due_on=date(2030, 2, 1)))
    for by, names in (
        ("place", ["us.ma.boston", "us.ma.boston.roxbury"]),
        ("sector", ["graffiti", "street-lights"]),
        ("month", ["2030-01", "2030-02", "2999-01"]),
        ("owner", ["Arborists", "Public Works", None]),
    ):
        told = (await client.get(f"/api/patterns?by={by}")).json()
        assert (told["by"], [each["of"] for each in told["rows"]]) == (by, names)
        text = (await client.get(f"/patterns.csv?by={by}")).text
        read = list(csv.DictReader(io.StringIO(text)))
        assert [each[by] for each in read] == [name or "" for name in names]
        page = " ".join((await client.get(f"/patterns?by={by}")).text.split())
        assert f"/api/patterns?by={by}" in page
    first, *_ = (await client.get("/api/patterns?by=sector&sector=street-lights")).json()["rows"]
    assert (first["due"], first["settled"], first["in_time"], first["not_done"]) == (7, 6, 1, 4)
    assert (first["done"], first["share_done"]) == (2, pytest.approx(2 / 6))
    assert (first["claimed"], first["disputed"], first["found_undone"]) == (3, 1, 1)
    assert first["share_undone"] == pytest.approx(1 / 3)
    undone = '<span class="whole">1 of 3</span> <span class="whole">(33 %)</span></td>'
    assert undone in page, "of what was claimed"


@pytest.mark.parametrize("query", ["?by=x", "?place=none", "?from=x", "?until=9999-12-31"])
async def test_there_are_no_other_patterns(client: httpx.AsyncClient, query: str) -> None:
    for path in ("/patterns", "/patterns.csv"):
        assert (await client.get(path + query)).status_code == 404
    assert (await client.get(f"/api/patterns{query}")).status_code in (404, 422)


@pytest.mark.parametrize(
    "query",
    ["?place=none", "?sector=none", "?from=x", "?from=0001-01-01", "?after=" + "a" * 301],
)
async def test_what_nobody_links_to_is_not_there(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/owners{query}")).status_code == 404
