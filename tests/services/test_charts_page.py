"""Charts of the public site: what they say, their tables and files; nothing acts in them."""

import asyncio
import csv
import io
from datetime import date
from typing import Any

import httpx
import pytest
from charted import LATE, a_year, check
from hostile import TAKEN
from public_site import PublicSite, another_report

from services.publishing.site.chart_pages import NAMES
from shared.testing.examples import (
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    varied,
)
from shared.web.charts.drawer import the_drawer

IN_TIME = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 2, 8))
FEBRUARY, JANUARY = {"on": date(2030, 2, 3)}, {"on": date(2030, 1, 9)}
GONE = varied(PUBLIC_REPORT_FILED, report=f"{7:032}", **FEBRUARY)


async def rows(client: httpx.AsyncClient, chart: str, query: str = "") -> list[Any]:
    answer = await client.get(f"/charts/{chart}.csv{query}")
    assert answer.status_code == 200
    return [tuple(row.values()) for row in csv.DictReader(io.StringIO(answer.text))]


async def drawn(client: httpx.AsyncClient, query: str = "") -> str:
    """With all its charts: who asks first may come before them."""
    await client.get(f"/charts{query}")
    await asyncio.to_thread(the_drawer().settle)
    page = await client.get(f"/charts{query}")
    assert page.status_code == 200
    return page.text


async def heard(site: PublicSite) -> None:
    await site.hears(
        *check(IN_TIME, due_on=date(2030, 2, 9)),
        *check(PUBLIC_CHECK_OVERDUE, LATE),
        *check(PUBLIC_CHECK_OVERDUE, owner="Arborists", sector="graffiti"),
        *check(PUBLIC_CHECK_OVERDUE, owner=None, task=None),
        *check(due_on=date(2999, 1, 1)),
        another_report(**FEBRUARY),
        another_report(**FEBRUARY, sector="graffiti"),
        another_report(**FEBRUARY, place="us.ma.salem"),
        another_report(**JANUARY, place="us.ma"),
        GONE,
        varied(PUBLIC_WITHDRAWN, what="report", id=GONE.report),
    )


async def test_their_figures_are_those_of_the_pages(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await heard(site)
    assert await rows(client, "done") == [
        ("2030-01", "3", "1", "0.3333", "0", "0.0000"),
        ("2030-02", "1", "1", "1.0000", "1", "1.0000"),
    ]
    kept = (await client.get("/api/patterns?by=month&until=2030-12-31")).json()["rows"]
    assert [(each["settled"], each["done"], each["in_time"]) for each in kept] == [
        (3, 1, 0),
        (1, 1, 1),
    ]
    assert await rows(client, "days") == [("2030-02", "2", "1", "1", "5")], "from 7 February on"
    assert await rows(client, "overdue") == [
        ("Arborists", "1", "1", "1.0000"),
        ("Public Works", "0", "2", "0.0000"),
        ("", "1", "1", "1.0000"),
    ]
    assert await rows(client, "heard") == [
        ("2030-02", "us.ma.boston", "graffiti", "1"),
        ("2030-02", "us.ma.boston", "street-lights", "1"),
        ("2030-02", "us.ma.salem", "street-lights", "1"),
    ]


@pytest.mark.parametrize(
    ("chart", "query", "found"),
    [
        ("done", "?place=us.ma.salem", []),
        (
            "overdue",
            "?sector=street-lights",
            [("Public Works", "0", "2", "0.0000"), ("", "1", "1", "1.0000")],
        ),
        ("done", "?from=2030-02-01", [("2030-02", "1", "1", "1.0000", "1", "1.0000")]),
        ("days", "?until=2030-02-08", [("2030-02", "1", "1", "1", "1")]),
        ("overdue", "?from=2030-02-01", [("Public Works", "0", "1", "0.0000")]),
        ("heard", "?place=us.ma.salem", [("2030-02", "us.ma.salem", "street-lights", "1")]),
        (
            "heard",
            "?until=2030-01-31",
            [
                ("2030-01", "us.ma", "street-lights", "1"),
                ("2030-01", "us.ma.boston", "", "0"),
                ("2030-01", "us.ma.salem", "", "0"),
            ],
        ),
    ],
)
async def test_they_are_cut(
    site: PublicSite, client: httpx.AsyncClient, chart: str, query: str, found: list[Any]
) -> None:
    await heard(site)
    assert await rows(client, chart, query) == found


async def test_what_was_public_after_it_was_done_took_no_time_that_is_known(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*check(PUBLIC_DONE_CLAIMED))
    assert await rows(client, "days") == []
    assert [row[:3] for row in await rows(client, "done")] == [("2030-01", "1", "1")]


async def test_each_has_its_words_its_table_and_its_files(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await heard(site)
    page = await drawn(client)
    assert page.count('<svg class="chart wide" role="img"') == len(NAMES)
    assert page.count('<svg class="chart narrow" role="img"') == len(NAMES)
    for words in (
        "Of 4 checks that were due from Jan 2030 to Feb 2030, 2 were done (50 %), and 1 in time",
        "Of 2 checks that were done in Feb 2030, half were done within 1 day, a quarter",
        "Of 4 checks that are done or whose day is over, 2 are not done (50 %).",
        "3 reports of Feb 2030 are public, from 2 of 2 places.",
        "waits for an editor",
        "What was heard, by place and sector, in Feb 2030",
    ):
        assert words in page, words
    for name in NAMES:
        picture = await client.get(f"/charts/{name}.svg")
        assert picture.headers["content-type"].startswith("image/svg+xml")
        assert "default-src 'none'; script-src 'self'" in picture.headers["content-security-policy"]
        assert picture.text.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
        assert f'href="/charts/{name}.csv"' in page


async def test_no_name_acts_in_a_page(site: PublicSite, client: httpx.AsyncClient) -> None:
    names = (TAKEN["script"], TAKEN["our own room"], TAKEN["cdata"], TAKEN["end of a heading"])
    await site.hears(*a_year(names))
    page = await drawn(client)
    assert page.count("<svg class") == 2 * len(NAMES)
    assert "<script>" not in page
    assert "<!-- " not in page
    picture = (await client.get("/charts/overdue.svg")).text
    assert "&lt;script&gt;alert(1)" in picture
    assert "<script" not in picture


@pytest.mark.parametrize("query", ["?place=none", "?sector=none", "?from=x", "?until=9999-12-31"])
async def test_there_are_no_other_charts(client: httpx.AsyncClient, query: str) -> None:
    for path in ("/charts", "/charts/done.csv", "/charts/done.svg"):
        assert (await client.get(path + query)).status_code == 404
    assert (await client.get("/charts/none.csv")).status_code == 404


async def test_of_nothing_nothing_is_drawn(client: httpx.AsyncClient) -> None:
    page = await client.get("/charts")
    assert page.status_code == 200
    assert page.text.count("There is nothing of these days.") == len(NAMES)
    assert "<svg class" not in page.text
