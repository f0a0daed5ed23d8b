"""Who has signed in and is sent here to do so once more is led back once, and then told."""

from collections.abc import AsyncIterator

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import BASE, PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import signed_up

from shared.web.guard import RENEWED
from shared.web.sites import Sites

ADDRESSES = {"promotion": "", "intake": f"{BASE}:8001"}
THERE = "/sign-in?back=%2Fdesk&of=intake"


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, sites=Sites("promotion", ADDRESSES)) as running:
        yield running


@pytest.mark.parametrize("there", [THERE, f"/staff{THERE}"])
async def test_who_has_signed_in_is_led_back_and_then_told(
    visitor: httpx.AsyncClient, there: str
) -> None:
    await signed_up(visitor)
    back = await visitor.get(there, follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (303, f"{BASE}:8001/desk")
    assert "tribune_session" in back.headers["set-cookie"]
    told = await visitor.get(there, follow_redirects=False)
    assert told.status_code == 503
    assert "does not believe it: the clock" in told.text
    visitor.cookies.delete(RENEWED)
    assert (await visitor.get(there, follow_redirects=False)).status_code == 303


async def test_all_others_are_asked_to_sign_in(visitor: httpx.AsyncClient) -> None:
    assert 'name="number"' in (await visitor.get(THERE)).text
    await signed_up(visitor)
    for there in ("/sign-in", "/sign-in?back=%2Fme&of=promotion", "/sign-in?back=%2Fx&of=nowhere"):
        for _ in range(2):
            assert 'name="number"' in (await visitor.get(there)).text
