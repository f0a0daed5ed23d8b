"""A petition over HTTP: started, signed by those known before, answered; or ended by time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from test_societies_due import closed
from test_society_pages import founded
from visiting import filled, joined, signed_up, until_shown

from services.promotion.petitions.calendar import timers
from services.promotion.petitions.words import Words
from shared.contracts.identity import aggregate_id
from shared.contracts.place import EVERYWHERE
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.timers.calendar import Calendar
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.charter_petitions import PetitionsTold
from shared.testing.examples import ROXBURY, STREET_LIGHTS
from shared.web.now import utc_now

DAY = timedelta(days=1)
TERMS = PetitionsTold(owner="Public Works", needs={ROXBURY: 2}, known_days=0, term_days=60)
WANTED = {
    "name": "Light for the park",
    "text": "It is dark there.\n<b>Very</b> dark.",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
}


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, petition_terms=TERMS) as running:
        yield running


async def housed(member: httpx.AsyncClient, place: str = ROXBURY) -> None:
    """And promotion's rows know it."""
    page = await filled(member, "/petitions/home", place=place)
    assert "It is written down." in page.text, page.text
    await until_shown(member, "/petitions/home", f'value="{place}" selected')


async def started(member: httpx.AsyncClient, **other: str) -> str:
    page = await filled(member, "/petitions/start", **WANTED | other)
    assert "It has begun." in page.text, page.text
    return page.url.path


async def pressed(member: httpx.AsyncClient, petition: str, act: str) -> httpx.Response:
    return await filled(member, petition, f"{petition}/{act}")


async def swept(site: PromotionSite, at: datetime) -> int:
    """How many events came of it, once the calendar holds all that is there."""
    dates = Calendar(*timers(site.engine, site.petition_words))
    ends = {stream: await ends_at(site.nats, stream) for stream in dates.streams}
    async with asyncio.timeout(20):
        while not await dates.holds(ends):
            await asyncio.sleep(0.005)
    sweep = Sweep(dates, site.handler, lambda: at)
    await sweep()
    assert sweep.failed == {}
    return sweep.raised


async def test_each_page_leads_strangers_to_petitions(stranger: httpx.AsyncClient) -> None:
    for page in ("/", "/societies", "/posts"):
        nav = (await stranger.get(page)).text.partition("</nav>")[0]
        assert 'href="/petitions"' in nav, page


async def test_those_who_were_known_there_oblige_to_an_answer(
    site: PromotionSite,
    ann: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
) -> None:
    await housed(ann)
    await housed(bob)
    petition = await started(ann)
    page = (await stranger.get(petition)).text
    assert "Light for the park" in page
    assert "&lt;b&gt;Very&lt;/b&gt;" in page
    assert "Sign in to support it" in page
    assert "You support it." in (await pressed(ann, petition, "sign")).text
    await pressed(ann, petition, "sign")
    assert "looks for supporters" in (await stranger.get(petition)).text, "each counts once"
    async with site.client() as fresh:
        await signed_up(fresh)
        assert "Say first where you live." in (await pressed(fresh, petition, "sign")).text
        await housed(fresh)
        assert "known some time before" in (await pressed(fresh, petition, "sign")).text
    assert "an answer is owed" not in (await stranger.get(petition)).text
    await pressed(bob, petition, "sign")
    assert "an answer is owed" in (await stranger.get(petition)).text
    await pressed(bob, petition, "withdraw")
    assert "an answer is owed" in (await stranger.get(petition)).text
    async with site.client() as eva:
        await joined(site, eva, "eva")
        said = await filled(eva, f"{petition}/answer", text="Lamps come in May.")
        assert "It is answered" in said.text
        assert (await pressed(eva, petition, "sign")).status_code == 403
    page = (await stranger.get(petition)).text
    assert "Lamps come in May." in page
    assert f"{petition}/sign" not in (await bob.get(petition)).text
    await until_shown(stranger, "/petitions", "answered")
    (told,) = (await stranger.get("/petitions.json")).json()["petitions"]
    assert told["name"] == "Light for the park"
    assert (told["state"], told["needs"], told["at_least"]) == ("answered", 2, None)
    assert await swept(site, utc_now() + 90 * DAY) == 0, "what was reached does not lapse"


async def test_who_lives_elsewhere_does_not_sign(ann: httpx.AsyncClient) -> None:
    await housed(ann, "us.ma.boston")
    petition = await started(ann)
    refused = await pressed(ann, petition, "sign")
    assert refused.status_code == 409
    assert "That is for those who live there." in refused.text


async def test_who_moves_there_afterwards_does_not_sign(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Their login was known long before."""
    petition = await started(ann)
    await housed(bob)
    assert "known some time before" in (await pressed(bob, petition, "sign")).text


async def test_it_is_for_a_society_whose_officer_starts_it(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = (await founded(ann)).rpartition("/")[2]
    await until_shown(ann, "/petitions/start", "Friends of the lamps")
    page = (await ann.get(await started(ann, society=society))).text
    assert f"/societies/{society}" in page
    refused = await filled(bob, "/petitions/start", **WANTED, society=society)
    assert refused.status_code == 409
    assert "has an office in it" in refused.text


async def test_where_the_charter_has_none_nobody_starts_one(ann: httpx.AsyncClient) -> None:
    refused = await filled(ann, "/petitions/start", **WANTED | {"place": EVERYWHERE})
    assert refused.status_code == 422
    assert "Choose a place." in refused.text


async def test_so_many_a_day_are_enough(ann: httpx.AsyncClient) -> None:
    for _ in range(3):
        await started(ann)
    refused = await filled(ann, "/petitions/start", **WANTED)
    assert refused.status_code == 409
    assert "So many petitions a day are enough." in refused.text


async def test_the_same_form_sent_at_once_is_no_way_around_that(
    site: PromotionSite, ann: httpx.AsyncClient
) -> None:
    """The words lie there already, and the other request has yet to take them away."""
    for _ in range(3):
        last = await started(ann)
    who = (await site.petitions.one(last.rpartition("/")[2])).starter
    once = "7" * 32
    petition_id = aggregate_id("petition", who, once)
    words_id = aggregate_id("words", petition_id, f"{who}\n{once}")
    await site.petition_words.keep(Words(words_id, who, "Once more", "Dark", utc_now()))
    refused = await filled(ann, "/petitions/start", **WANTED, once=once)
    assert "So many petitions a day are enough." in refused.text
    assert (await ann.get(f"/petitions/{petition_id}")).status_code == 404


async def test_its_term_ends_what_too_few_support(
    site: PromotionSite, ann: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    petition = await started(ann)
    assert await swept(site, utc_now() + 59 * DAY) == 0
    assert await swept(site, utc_now() + 61 * DAY) == 1
    assert await swept(site, utc_now() + 62 * DAY) == 0
    assert "its term ended without enough supporters" in (await stranger.get(petition)).text


async def test_what_who_is_gone_wrote_goes_and_what_it_obliges_to_stays(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await housed(ann)
    await housed(bob)
    petition = await started(ann)
    await pressed(ann, petition, "sign")
    state = await site.petitions.one(petition.rpartition("/")[2])
    await closed(site, state.starter)
    assert "Light for the park" not in (await bob.get(petition)).text
    assert await swept(site, utc_now() + DAY) == 1
    assert await site.petition_words.some([state.words]) == {}
    back = Words(state.words, state.starter, "Light for the park", "Dark", utc_now())
    await site.petition_words.keep(back)
    assert await swept(site, utc_now() + DAY) == 0
    assert await site.petition_words.some([state.words]) == {}, "what a backup brought back"
    await pressed(bob, petition, "sign")
    page = (await bob.get(petition)).text
    assert "Its words were taken back." in page
    assert "an answer is owed" in page, "the signature of who is gone is one still"


async def test_hidden_words_are_shown_to_the_staff_alone(
    site: PromotionSite, ann: httpx.AsyncClient
) -> None:
    petition = await started(ann)
    async with site.client() as eva:
        await joined(site, eva, "eva")
        await filled(eva, f"{petition}/hide", reason="It insults somebody")
        assert "It is dark there." in (await eva.get(petition)).text
    page = (await ann.get(petition)).text
    assert "It is dark there." not in page
    assert "It insults somebody" in page
    await until_shown(ann, "/petitions", "A petition whose words were taken back")
