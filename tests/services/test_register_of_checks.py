"""The register of checks: searched, a page at a time, for readers, programs and spreadsheets."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from public_site import CHARTER, PublicSite, public_site
from sqlalchemy import Engine, insert

from services.publishing.projections import overdue, register
from services.publishing.projections.overdue_v2 import NOTHING
from services.publishing.projections.register import Asked, found
from shared.contracts.event import Event
from shared.contracts.party import Parties, Party
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import (
    PUBLIC_CHECK_HANDED_OVER,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_WITHDRAWN,
    varied,
)

LATE = varied(PUBLIC_DONE_CLAIMED, late=True, done_on=date(2030, 1, 20))
UP = varied(PUBLIC_CHECK_OVERDUE, tier=2, to="The mayor")
NOT_YET = date(2999, 1, 1)


def check(number: int, *events: Event, **said: Any) -> list[Event]:
    return [varied(each, check=f"{number:032x}", **said) for each in (PUBLIC_CHECK_OPENED, *events)]


async def heard(site: PublicSite) -> None:
    await site.hears(
        *check(1, PUBLIC_DONE_CLAIMED),
        *check(2, PUBLIC_CHECK_OVERDUE, LATE),
        *check(3, PUBLIC_CHECK_OVERDUE, UP, due_on=date(2030, 1, 12)),
        *check(4, owner="=cmd()", place="us.ma.boston", sector="graffiti", due_on=NOT_YET),
        *check(5, owner=None, due_on=date(2030, 1, 13)),
        *check(6, PUBLIC_CHECK_OVERDUE, owner="Gone", task="Gone"),
        varied(PUBLIC_WITHDRAWN, id=f"{6:032x}"),
    )


async def ids(client: httpx.AsyncClient, query: str) -> list[int]:
    answer = await client.get(f"/api/checks{query}")
    assert answer.status_code == 200, answer.text
    return [int(each["check"], 16) for each in answer.json()["checks"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 5, 1, 2, 4]),
        ("?owner=Public+Works", [3, 1, 2]),
        ("?place=us.ma.boston.roxbury", [3, 5, 1, 2]),
        ("?place=us.ma", [3, 5, 1, 2, 4]),
        ("?place=us.ma.salem", []),
        ("?sector=street-lights", [3, 5, 1, 2]),
        ("?state=open", [4]),
        ("?state=overdue", [3, 5]),
        ("?state=done", [1]),
        ("?state=done-late&owner=Public+Works", [2]),
        ("?from=2030-01-13&until=2030-01-14", [5, 1, 2]),
        ("?age=34&state=overdue", [3, 5]),
        ("?age=35", [3]),
        ("?age=400000", []),
        (f"?after=2030-01-13/{5:032x}", [1, 2, 4]),
        ("?limit=2", [3, 5]),
        ("?tier=1", [2]),
        ("?tier=2&place=us.ma&age=35", [3]),
        ("?tier=3", []),
    ],
)
async def test_it_is_searched_by_what_is_public(
    site: PublicSite, client: httpx.AsyncClient, query: str, expected: list[int]
) -> None:
    await heard(site)
    assert await ids(client, query) == expected
    if "limit" not in query:
        page = (await client.get(f"/checks{query}")).text
        found_there = [number for number in range(1, 7) if f"/checks/{number:032x}" in page]
        assert found_there == sorted(expected)
        rows = (await client.get(f"/checks.csv{query}")).text
        assert [int(each["check"], 16) for each in csv.DictReader(io.StringIO(rows))] == expected
        assert "Gone" not in page + rows


async def test_each_is_told_with_its_state_and_a_permanent_address(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await heard(site)
    first, second, *_, last = (await client.get("/api/checks")).json()["checks"]
    assert first["task"] == "Mend the lamp"
    assert (first["state"], first["days_late"]) == ("overdue", 35)
    assert first["address"] == f"http://tribune.test/checks/{3:032x}"
    assert (second["owner"], second["task"]) == (None, None)
    assert (last["state"], last["days_late"]) == ("open", 0)
    rows = (await client.get("/checks.csv?state=open")).text
    assert "'=cmd()" in rows, "no cell is a formula"


async def test_a_page_goes_on_where_the_last_one_ended(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    many = [each for number in range(1, 121) for each in check(number, due_on=_day(number // 50))]
    await site.hears(*many)
    query, seen = "", list[int]()
    while True:
        told = (await client.get(f"/api/checks{query}")).json()
        seen += [int(each["check"], 16) for each in told["checks"]]
        if told["after"] is None:
            break
        query = f"?after={told['after']}"
    assert seen == list(range(1, 121))
    page = (await client.get("/checks")).text
    assert 'rel="next" href="/checks?after=2030-01-02' in page


def _day(number: int) -> date:
    return date(2030, 1, 1) + timedelta(days=number)


async def test_an_owner_is_found_under_all_its_names(database: Engine) -> None:
    parties = Parties((Party("works", "Public Works", ("PWD",)),))
    async with (
        public_site(database, charter=replace(CHARTER, parties=parties)) as site,
        site.client() as client,
    ):
        await site.hears(*check(1), *check(2, owner="PWD"), *check(3, owner="Parks"))
        assert await ids(client, "?owner=pwd") == [1, 2]


async def test_the_page_of_a_check_tells_who_had_it_when_and_why(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    back = varied(PUBLIC_CHECK_HANDED_OVER, owner="Parks", to=None, reason=None, number=2)
    await site.hears(*check(1, PUBLIC_CHECK_OVERDUE))
    assert "Who had it when" not in (await client.get(f"/checks/{1:032x}")).text
    for each in (PUBLIC_CHECK_HANDED_OVER, varied(back, overdue=True)):
        await site.hears(varied(each, check=f"{1:032x}"))
    page = " ".join((await client.get(f"/checks/{1:032x}")).text.split())
    assert "<li><bdi>Public Works</bdi></li>" in page
    assert "9 Jan 2030</time>: <bdi>The lamp is in a park</bdi></li>" in page
    assert "<li>waits for an editor, since" in page
    assert "(it was late by then)</li>" in page
    assert "Owner</dt><dd>waits for an editor" in page
    assert await ids(client, "?owner=Parks") == []


@pytest.mark.parametrize(
    "query",
    [
        *(
            "?place=none",
            "?sector=none",
            "?state=x",
            "?from=x",
            "?age=x",
            "?age=-1",
            "?after=x",
            "?tier=x",
        ),
        *("?after=2030-01-01/x", "?owner=" + "a" * 301, "?owner=%00", "?owner=a%0Db"),
    ],
)
async def test_what_nobody_links_to_is_not_there(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/checks{query}")).status_code == 404
    assert (await client.get(f"/checks.csv{query}")).status_code == 404
    assert (await client.get(f"/api/checks{query}")).status_code in (404, 422)


@pytest.mark.parametrize("looked_at", [1, 7, 50])
def test_however_little_is_looked_at_for_a_page_all_is_found_in_the_end(
    database: Engine, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr(register, "LOOKED_AT", looked_at)
    prepare(database, [overdue.read_model])
    rows = [
        NOTHING
        | {
            "check": f"{number * 7_919 % 211:032x}",
            "owner": ("Works", "PWD", "Parks")[number % 3],
            "place": f"us.{number % 4}",
            "sector": "graffiti" if number % 10 == 0 else "street-lights",
            "due_on": _day(number % 9),
            "done_on": _day(20) if number % 2 else None,
            "late": bool(number % 2) or None,
            "paused": False,
        }
        for number in range(1, 151)
    ]
    with database.begin() as connection:
        connection.execute(insert(overdue.overdue), rows)
        every = Asked(_day(5), _day(0), _day(30), limit=2)
        for cut, is_so in (
            (every, lambda row: row is not None),
            (replace(every, sector="graffiti"), lambda row: row["sector"] == "graffiti"),
            (replace(every, owners=("Works", "PWD")), lambda row: row["owner"] != "Parks"),
            (replace(every, places=("us.1", "us.2")), lambda row: row["place"] in ("us.1", "us.2")),
            (
                replace(every, state="overdue", sector="graffiti", owners=("Parks",)),
                lambda row: (
                    (row["owner"], row["sector"], row["done_on"], row["due_on"] < _day(5))
                    == ("Parks", "graffiti", None, True)
                ),
            ),
        ):
            wanted = sorted((row["due_on"], row["check"]) for row in rows if is_so(row))
            seen, after = list[Any](), None
            for _ in range(len(rows) + 2):
                page = found(connection, replace(cut, after=after))
                assert len(page.rows) <= 2
                seen += [(row["due_on"], row["check"]) for row in page.rows]
                if (after := page.onward) is None:
                    break
            assert seen == wanted
