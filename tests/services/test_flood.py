"""Who asks for very much keeps others neither from pages nor from what is true of the database."""

import asyncio
import threading
from collections.abc import AsyncIterator

import httpx
import pytest
from public_site import PublicSite

from services.publishing.site.source import MOST_RARE, MOST_RARE_OF_ONE, READERS
from shared.web.fair_share import ASKING
from shared.web.turns import NoTurnError

STALE_MARK = 'class="standing"'
HELD_FOR_S = 60.0


class Held:
    """Readings that take until they are let go."""

    def __init__(self, site: PublicSite) -> None:
        self._site = site
        self._let_go = threading.Event()

    def readings(self, count: int, *, rare: bool) -> "list[asyncio.Task[bool]]":
        read, wait = self._site.source.read, lambda: self._let_go.wait(HELD_FOR_S)
        return [asyncio.create_task(read(wait, rare=rare)) for _ in range(count)]

    async def asked_by(self, address: str, count: int) -> "list[asyncio.Task[bool]]":
        ASKING.set(address)
        return self.readings(count, rare=True)

    def let_go(self) -> None:
        self._let_go.set()


@pytest.fixture
async def held(site: PublicSite) -> AsyncIterator[Held]:
    held = Held(site)
    yield held
    held.let_go()


async def test_what_can_be_asked_in_any_number_of_ways_waits_in_a_short_queue_of_its_own(
    site: PublicSite, client: httpx.AsyncClient, held: Held
) -> None:
    flood = held.readings(MOST_RARE, rare=True)
    await asyncio.sleep(0)
    refused = await client.get("/overdue?before=7")
    assert refused.status_code == 503
    assert "So many pages are asked for" in refused.text
    assert "retry-after" in refused.headers
    usual = await client.get("/")
    assert usual.status_code == 200
    assert not site.source.away
    held.let_go()
    assert all(await asyncio.gather(*flood))
    assert (await client.get("/overdue?before=7")).status_code == 200


async def test_one_address_leaves_turns_for_others(held: Held) -> None:
    flood = await asyncio.create_task(held.asked_by("198.51.100.1", MOST_RARE + 4))
    others = await asyncio.create_task(held.asked_by("198.51.100.2", 1))
    await asyncio.sleep(0)
    held.let_go()
    done = await asyncio.gather(*flood, return_exceptions=True)
    refused = [each for each in done if isinstance(each, NoTurnError)]
    assert len(refused) == MOST_RARE + 4 - MOST_RARE_OF_ONE
    assert all(await asyncio.gather(*others))


async def test_the_time_in_a_queue_is_not_the_database_s(
    site: PublicSite, client: httpx.AsyncClient, held: Held
) -> None:
    site.source._patience_s = 0.2
    before = held.readings(READERS, rare=False)
    page = asyncio.create_task(client.get("/"))
    ended = await asyncio.gather(*before, return_exceptions=True)
    assert [type(each) for each in ended] == [TimeoutError] * READERS, "longer than its patience"
    site.source._patience_s = 60.0  # a reading itself may take longer than that on a busy machine
    held.let_go()
    assert (await page).status_code == 200
    assert not site.source.away


async def test_nobody_waits_for_his_turn_while_the_database_is_away(
    site: PublicSite, client: httpx.AsyncClient, held: Held
) -> None:
    held.readings(READERS, rare=False)
    await asyncio.sleep(0)
    page = asyncio.create_task(client.get("/"))
    await asyncio.sleep(0)
    site.source.lost(TimeoutError())
    async with asyncio.timeout(30):
        answer = await page
    assert answer.status_code == 503
    assert "Nothing to show just now" in answer.text
