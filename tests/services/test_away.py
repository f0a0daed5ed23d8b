"""What pages say while their database is away, and how little the log says about it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from outage import Outage, postgres_outage, sqlite_outage
from public_site import PublicSite, public_site
from real_suite import ON_POSTGRES
from sqlalchemy import text
from structlog.testing import capture_logs

from services.publishing.projections import board
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
)
from shared.testing.servers import PostgresServer, postgres_server

pytestmark = pytest.mark.deep

STORY = (PUBLIC_REPORT_FILED, PUBLIC_REPORT_CONFIRMED, PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE)
PAGES = ["/", "/place/us.ma.boston", "/overdue", "/qualified?place=us.ma"]
SHOWN = "<strong>1</strong></dd> <dd>1 confirmed</dd>"
STALE = (
    '<strong>Figures of <time datetime="2030-02-16T17:00:00Z">17:00 UTC, 16 Feb 2030</time>'
    "</strong>; newer ones cannot be read just now."
)
STALE_MARK = "newer ones cannot be read just now"


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def outage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outage]:
    if ON_POSTGRES:
        going = postgres_outage(request.getfixturevalue("own_postgres"))
    else:
        going = sqlite_outage(tmp_path)
    with going as found:
        yield found


@pytest.fixture
async def site(outage: Outage) -> AsyncIterator[PublicSite]:
    async with public_site(outage.engine) as running:
        await running.hears(*STORY)
        yield running


def words(answer: httpx.Response) -> str:
    return " ".join(answer.text.split())


async def seen(
    site: PublicSite, client: httpx.AsyncClient, address: str, right: Callable[[str], bool]
) -> httpx.Response:
    """The page as soon as it is right; looks when open pages are told to."""
    async for _ in site.live.changes():
        answer = await client.get(address)
        if right(words(answer)):
            return answer
    raise AssertionError("the site has stopped")


@pytest.mark.parametrize("address", PAGES)
async def test_the_last_figures_are_shown_with_their_time_until_newer_ones_can_be_read(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient, address: str
) -> None:
    before = words(await client.get(address))
    assert STALE_MARK not in before
    outage.begin()
    site.clock.jump(site.clock.now().replace(hour=23))
    site.live.tell(5)
    answer = await seen(site, client, address, lambda page: STALE_MARK in page)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert STALE in words(answer)
    assert before.split("<main")[1] == words(answer).split("<main")[1]
    outage.end()
    answer = await seen(site, client, address, lambda page: STALE_MARK not in page)
    assert answer.headers["cache-control"] == "no-cache"
    await site.hears(*STORY)
    assert STALE_MARK not in (await client.get(address)).text


@pytest.mark.parametrize("address", [*PAGES, "/feed/overdue.atom"])
async def test_where_there_is_nothing_to_show_a_page_says_so(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient, address: str
) -> None:
    outage.begin()
    answer = await client.get(address)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>Nothing to show just now</h1>" in answer.text
    assert "site.css" in answer.text
    outage.end()
    await seen(site, client, address, lambda page: "Mend the lamp" in page or "<h1>Qu" in page)


async def test_a_feed_stays_as_it_was(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient
) -> None:
    before = await client.get("/feed/overdue.atom")
    outage.begin()
    site.live.tell(5)
    assert (await client.get("/")).status_code == 503
    after = await client.get("/feed/overdue.atom")
    assert (after.status_code, after.text) == (200, before.text)


async def test_figures_that_were_not_the_whole_are_shown_as_such(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.goal = 8
    await client.get("/")
    outage.begin()
    site.live.tell(5)
    page = words(await seen(site, client, "/", lambda page: STALE_MARK in page))
    assert STALE in page
    assert 'So far <span class="percent">50 %</span> of the public events' in page


async def test_fifty_visits_while_the_database_is_away_make_one_line(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient
) -> None:
    """Also when several of them find it away at the same moment."""
    await client.get("/")
    with capture_logs() as lines:
        outage.begin()
        site.live.tell(5)
        pages = ["/", "/place/us.ma", "/place/us", "/overdue", "/qualified"] * 10
        answers = await asyncio.gather(*(client.get(page) for page in pages))
        assert [a.status_code for a in answers] == [200, 503, 503, 503, 503] * 10
        outage.end()
        await seen(site, client, "/", lambda page: STALE_MARK not in page)
        await seen(site, client, "/place/us.ma", lambda page: SHOWN in page)
    begins, ends = lines
    assert begins.pop("error").isidentifier()
    assert begins == {
        "event": "pages cannot read the database; they show the last figures",
        "log_level": "warning",
    }
    assert ends == {"event": "pages read the database again", "log_level": "info"}


async def test_fifty_visits_that_meet_a_fault_of_ours_make_one_trace(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    board.read_model.counts_table.drop(site.engine)
    with capture_logs() as lines:
        for _ in range(25):
            assert (await client.get("/")).status_code == 500
            assert (await client.get("/place/us.ma")).status_code == 500
    (line,) = lines
    assert (line["event"], line["path"]) == ("a page failed", "/")
    assert "board_v5" in str(line["exc_info"])


async def test_another_fault_is_another_trace(
    site: PublicSite, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.read_model.counts_table.drop(site.engine)
    with capture_logs() as lines:
        await client.get("/")
        monkeypatch.setattr(board, "all_places", _broken)
        await client.get("/")
    assert [type(line["exc_info"]).__name__ for line in lines][1] == "ZeroDivisionError"


def _broken(*_: Any) -> Any:
    return 1 / 0


async def test_a_database_without_a_connection_to_spare_is_away_as_well(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient
) -> None:
    await client.get("/")
    pool: Any = outage.engine.pool
    pool._timeout = 0.01
    with ExitStack() as taken:
        for _ in range(pool.size() + pool._max_overflow):
            taken.enter_context(outage.engine.connect())
        site.live.tell(5)
        await seen(site, client, "/", lambda page: STALE in page)
    await seen(site, client, "/", lambda page: STALE_MARK not in page)


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite's readers wait for nobody")
async def test_a_database_that_does_not_answer_is_away_as_well(
    outage: Outage, site: PublicSite, client: httpx.AsyncClient
) -> None:
    await client.get("/")
    site.source._patience_s = 0.05
    with outage.engine.begin() as other:
        other.execute(text("LOCK TABLE checkpoints, board_v5_counts IN ACCESS EXCLUSIVE MODE"))
        site.live.tell(5)
        page = await seen(site, client, "/", lambda page: STALE_MARK in page)
        assert page.status_code == 200
        site.source._patience_s = 60.0
    page = await seen(site, client, "/", lambda page: STALE_MARK not in page)
    assert SHOWN in words(page)
