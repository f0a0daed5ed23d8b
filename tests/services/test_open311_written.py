"""Pages of requests are read in one piece and written past the usual writers: the same comes out,
to the byte, and one kind of question does not keep another waiting."""

import asyncio
import gzip
import threading
from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from public_site import NOW, PublicSite, another_report
from sqlalchemy import select

from services.publishing.projections import requested
from services.publishing.projections.requests import CHECK, REPORT, read_model
from services.publishing.site.as_requests import Telling
from services.publishing.site.requests_as_json import AsJson
from services.publishing.site.source import MOST_RARE, MOST_SHORT
from shared.eventsourcing.projections.read_model import Row
from shared.testing.examples import PUBLIC_FILE_PASSED, PUBLIC_REPORT_FILED, varied
from shared.web import open311
from shared.web.turns import NoTurnError

HERE = "/open311/v2/requests"
TELLING = Telling({"us": 'The "States"', "us.ma": "Massachusétts"}, {"a": "A\\B\n"}, "http://x/")
WORDS = st.text() | st.sampled_from(["", "a", "us", '"', "\\", "\ud800"])
MAYBE = st.none() | WORDS
DAYS = st.none() | st.dates().map(date.isoformat)
POINTS = st.none() | st.floats(-180, 180).map(lambda each: round(each, 6))
ROWS = st.fixed_dictionaries(
    {
        "id": st.text("0123456789abcdef", min_size=32, max_size=32),
        "about": st.sampled_from((REPORT, CHECK)),
        "place": WORDS,
        **dict.fromkeys(("sector", "outcome", "owner", "task"), MAYBE),
        **dict.fromkeys(("on", "updated_on", "closed_on", "due_on", "overdue_on"), DAYS),
    },
    optional={
        "corroborated": st.integers(0, 9),
        **dict.fromkeys(("latitude", "longitude"), POINTS),
        "named": st.sampled_from((None, "", "a" * 32, f"{'b' * 32} {'c' * 32}")),
    },
)


@given(st.lists(ROWS, max_size=4), st.booleans())
def test_written_straight_from_rows(rows: list[Row], extended: bool) -> None:  # noqa: FBT001
    told = [TELLING.told(row, extended=extended) for row in rows]
    assert AsJson(TELLING).listed(rows, extended=extended) == open311.as_json(told)


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


async def test_read_in_one_piece(site: PublicSite) -> None:
    picture = "c" * 32
    point = {"latitude": -42.123457, "longitude": 71.0}
    shown = another_report(on=NOW.date())
    with_point = varied(another_report(on=NOW.date()), **point)
    await site.hears(PUBLIC_REPORT_FILED, shown, with_point)
    passed = varied(PUBLIC_FILE_PASSED, report=PUBLIC_REPORT_FILED.report, picture=picture)
    await site.hears(passed)
    asked = requested.Asked(REPORT, date(2029, 1, 1), NOW.date(), 10)
    with site.source.snapshot() as connection:
        found = requested.found(connection, asked)
        table = read_model.table
        rows = connection.execute(select(table).order_by(table.c.on.desc(), table.c.id.desc()))
        expected = [
            {name: _day(value) for name, value in row.items() if name not in requested.NOT_TOLD}
            for row in rows.mappings()
        ]
        assert [{**row, "named": None} for row in found] == [
            row | {"named": None} for row in expected
        ]
        named = {row["id"]: row["named"] for row in found if row["named"]}
        assert named == {PUBLIC_REPORT_FILED.report: picture}
        ids = [row["id"] for row in found]
        assert requested.these(connection, ids) == sorted(found, key=lambda row: row["id"])
        assert requested.one(connection, ids[0]) == found[0]
        assert [type(row["longitude"]) for row in found if row["longitude"]] == [float]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_packed_for_who_unpacks(
    site: PublicSite, client: httpx.AsyncClient, form: str
) -> None:
    await site.hears(*(another_report(on=NOW.date()) for _ in range(3)))
    plain = await client.get(f"{HERE}.{form}", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    async with client.stream("GET", f"{HERE}.{form}", headers={"Accept-Encoding": "gzip"}) as sent:
        raw = b"".join([each async for each in sent.aiter_raw()])
    assert sent.headers["content-encoding"] == "gzip"
    assert sent.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(raw) == plain.content


async def test_long_files_keep_no_request_waiting(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_REPORT_FILED)
    go_on = threading.Event()
    files = [site.source.read(go_on.wait, rare=True) for _ in range(MOST_RARE)]
    waiting = [asyncio.create_task(each) for each in files]
    try:
        await asyncio.sleep(0)
        answers = [await client.get(f"{HERE}.json") for _ in range(3)]
        assert [each.status_code for each in answers] == [200] * 3
        with pytest.raises(NoTurnError):
            await site.source.read(lambda: None, rare=True)
    finally:
        go_on.set()
        await asyncio.gather(*waiting)


async def test_a_burst_of_one_address_is_answered_and_a_flood_is_not(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_REPORT_FILED)

    async def at_once(count: int) -> list[int]:
        answers = await asyncio.gather(*(client.get(f"{HERE}.json") for _ in range(count)))
        return sorted(each.status_code for each in answers)

    assert await at_once(30) == [200] * 30
    flood = await at_once(3 * MOST_SHORT)
    assert (flood[0], flood[-1]) == (200, 503)
