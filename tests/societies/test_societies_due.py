"""The sweep asks members before a society is dormant, and forgets who can not sign in any more."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from promotion_site import PromotionSite
from test_society_pages import LAMPS, founded, pressed
from visiting import filled, until_shown

from services.promotion.domain.login import CloseLogin
from services.promotion.projections import societies, society_members
from services.promotion.societies.calendar import calendar
from services.promotion.societies.words import Words
from shared.contracts.actor import suite
from shared.contracts.login import LoginClosed
from shared.contracts.society import SILENT_AFTER
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.timers.sweep import Sweep
from shared.testing.examples import ROXBURY
from shared.web.now import utc_now

DAY = timedelta(days=1)
HELD = {"what": "We mended a lamp", "place": ROXBURY, "on": "2020-03-04", "came": "12"}


async def swept(site: PromotionSite, at: datetime) -> int:
    """How many events came of it, once the calendar holds all that is there."""
    dates = calendar(site.engine, site.words)
    ends = {stream: await ends_at(site.nats, stream) for stream in dates.streams}
    async with asyncio.timeout(20):
        while not await dates.holds(ends):
            await asyncio.sleep(0.005)
    sweep = Sweep(dates, site.handler, lambda: at)
    await sweep()
    assert sweep.failed == {}
    return sweep.raised


def _id(society: str) -> str:
    return society.rpartition("/")[2]


async def login_of(site: PromotionSite, society: str, number: int) -> str:
    members = (await site.societies.one(_id(society))).members
    (found,) = [who for who, standing in members.items() if standing.number == number]
    return found


async def closed(site: PromotionSite, login_id: str) -> None:
    """As an operator's act does it."""
    command = CloseLogin(LoginClosed(login_id=login_id))
    giving = site.desk.entrance.giving
    await giving.give(command, suite("test", "operator"))


async def asked(site: PromotionSite, question: Callable[..., Any], *given: Any) -> Any:
    return await ask_in(site.engine, question, *given)


async def test_members_are_asked_and_one_answer_is_enough(
    site: PromotionSite, ann: httpx.AsyncClient
) -> None:
    society, now = await founded(ann), utc_now()
    assert await swept(site, now + SILENT_AFTER - DAY) == 0
    then = now + SILENT_AFTER + DAY
    assert await swept(site, then) == 1
    assert await swept(site, then) == 0, "they are asked once"
    assert "Does it go on?" in (await ann.get(society)).text
    await until_shown(ann, "/societies", "its members are asked whether it goes on")
    assert "It goes on." in (await pressed(ann, society, "stay")).text
    assert await swept(site, then + 31 * DAY) == 1, "by the clock of the test it is silent again"


async def test_without_an_answer_it_is_dormant_until_somebody_revives_it(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society, now = await founded(ann), utc_now()
    then = now + SILENT_AFTER + DAY
    assert await swept(site, then) == 1
    assert await swept(site, then + 29 * DAY) == 0
    assert await swept(site, then + 31 * DAY) == 1
    assert await swept(site, then + 32 * DAY) == 0
    assert (await site.societies.one(_id(society))).life == "dormant"
    await until_shown(bob, "/societies", "dormant")
    await pressed(bob, society, "join")
    assert (await site.societies.one(_id(society))).life == "active"


async def test_who_is_gone_is_followed_and_what_they_wrote_is_erased(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    await pressed(bob, society, "join")
    await filled(ann, f"{society}/held", **HELD)
    await until_shown(bob, society, "We mended a lamp")
    gone = await login_of(site, society, 1)
    state = await site.societies.one(_id(society))
    await closed(site, gone)
    page = (await bob.get(society)).text
    assert "Friends of the lamps" not in page, "nobody is shown it before it is erased, either"
    for sought in ("words=lamps", "tag=light"):
        found = (await bob.get(f"/societies.json?{sought}")).json()
        assert found["societies"] == [], "and nobody finds out what it was by seeking it"
    assert await swept(site, utc_now() + DAY) == 3
    assert await site.words.some([state.words]) == {}
    await site.words.keep(
        Words(state.words, _id(society), gone, "All lamps", utc_now(), LAMPS["name"])
    )
    assert await swept(site, utc_now() + DAY) == 0
    assert await site.words.some([state.words]) == {}, "what a backup brought back"
    page = (await bob.get(society)).text
    assert "Its words were taken back." in page
    assert "12 people came." in page, "the figures stay"
    assert "Offices, and who follows" in page
    assert await swept(site, utc_now() + DAY) == 0
    await filled(bob, f"{society}/words", name="Lamps", cause="All lamps", tags="")
    await until_shown(bob, "/societies", "Lamps")


async def test_who_had_left_before_is_forgotten_too(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    await pressed(bob, society, "join")
    gone = await login_of(site, society, 1)
    await filled(ann, f"{society}/leave")
    await closed(site, gone)
    assert await swept(site, utc_now() + DAY) == 1
    assert await site.words.some([(await site.societies.one(_id(society))).words]) == {}


@pytest.mark.parametrize("days", [0, 100, 200])
async def test_rows_and_the_society_wait_for_the_same_moment(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient, days: int
) -> None:
    society = await founded(ann)
    await pressed(bob, society, "join")
    await swept(site, utc_now() + days * DAY)
    await filled(ann, f"{society}/leave")
    await swept(site, utc_now())
    (row,) = await asked(site, societies.some, [_id(society)])
    state = await site.societies.one(_id(society))
    assert row["due_at"] == (state.dormant_at or state.asks_at)
    assert await asked(site, society_members.of_login, await login_of(site, society, 2), 5) == [
        _id(society)
    ]
