"""A member allows a credential and takes it back in a real browser; axe finds nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM
from credentials_shown import TRACK, qualifies
from nats.aio.client import Client
from persons import H1, MESSAGE, Person, person
from promotion_site import PromotionSite, promotion_site
from served import served
from sqlalchemy import Engine

from shared.runtime.slips import Slips
from shared.testing.examples import MEMBER_ID
from shared.testing.servers import free_port
from shared.web.sites import Sites

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

TEXT = "document.querySelector('main').innerText"
TICK = "document.querySelector('#with_day').click()"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def site(nats: Client, database: Engine, port: int) -> AsyncIterator[PromotionSite]:
    sites = Sites("promotion", {"promotion": f"http://127.0.0.1:{port}"})
    async with promotion_site(nats, database, sites=sites, tracks=(TRACK,)) as running:
        yield running


@pytest.fixture
async def ann(site: PromotionSite, port: int, tmp_path: Path) -> AsyncIterator[Person]:
    async with served(site.app, port) as address, person(tmp_path / "ann", address) as somebody:
        yield somebody


async def shown(ann: Person, page: str, text: str) -> None:
    """Rows come a moment after the log."""
    while text not in await ann.sees(TEXT):
        await ann.tab.open(ann.address + page)
    await ann.looks_everywhere()


async def test_a_credential_is_allowed_and_taken_back(site: PromotionSite, ann: Person) -> None:
    await qualifies(site)
    number = await ann.signs_up()
    kept = await site.store.named(site.desk.entrance.name_of_member(number))
    assert kept
    slips = Slips(site.desk.frame.cookies.key)
    slip = slips.slip(kept.login_id, MEMBER_ID, site.desk.guard.now())
    page = f"/me/credentials?slip={slip}"
    await ann.opens("/me/credentials")
    assert await ann.sees(H1) == "Credentials"
    await shown(ann, page, "Ask for a credential")
    await ann.sees(TICK)
    await ann.sends("/me/credentials")
    assert "You have allowed it." in await ann.sees(MESSAGE)
    await shown(ann, page, "It tells on which day you qualified.")
    await ann.sends("/me/credentials/withdraw")
    assert "You have taken it back" in await ann.sees(MESSAGE)
    await shown(ann, page, "revoked, because you took it back")
    await ann.opens("/achievements/correspondent/1")
    await ann.looks_everywhere()
