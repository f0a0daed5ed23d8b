"""While others flood us, whoever has called their browser theirs comes in."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import CHEAP, PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import GOOD, filled, signed_up

from services.promotion.signing.passphrases import Passphrases, Place, TooBusyError
from services.promotion.signing.visit import Visit

TRIES = 10


@pytest.fixture
def passphrases() -> Passphrases:
    return Passphrases(CHEAP)


@pytest.fixture
async def site(
    nats: Client, database: Engine, passphrases: Passphrases
) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, passphrases=passphrases) as running:
        yield running


async def flooding(passphrases: Passphrases, network: Callable[[int], str]) -> None:
    """Each begins anew as soon as it is refused or done."""

    async def one(number: int) -> None:
        here = network(number)
        while True:
            try:
                await passphrases.hashed("x" * 20, Place(here, here))
            except TooBusyError:
                await asyncio.sleep(0)

    await asyncio.gather(*(one(number) for number in range(120)))


@pytest.mark.parametrize("networks", [1, 8, 40], ids=["one", "all places", "one place each"])
async def test_an_owner_comes_in_during_a_flood(
    visitor: httpx.AsyncClient, passphrases: Passphrases, networks: int
) -> None:
    """Also one from their own network."""
    number = await signed_up(visitor)
    own = {"number": number, "passphrase": GOOD, "mine": "yes"}
    assert (await filled(visitor, "/sign-in", **own)).status_code == 200
    home = "127.0.0.0/24"
    flood = asyncio.create_task(
        flooding(passphrases, lambda each: f"{each % networks}" if each % networks else home)
    )
    await asyncio.sleep(0)
    came = [(await filled(visitor, "/sign-in", **own)).status_code for _ in range(TRIES)]
    flood.cancel()
    assert came == [200] * TRIES


def test_a_browser_is_known_for_its_owners_number_alone() -> None:
    visit = Visit("a network", "a name", "a browser")
    assert visit.place("a name") == Place("login a name", "a network", is_own=True)
    assert visit.place("another name") == visit.place() == Place("a network", "a network")
    assert Visit("a network").place("") == Place("a network", "a network")
