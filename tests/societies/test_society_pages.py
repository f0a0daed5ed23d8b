"""A member founds a society over HTTP, others join it, and it holds something."""

import re

import httpx
from nats.aio.client import Client
from promotion_site import PromotionSite
from visiting import filled, joined, sent, until_shown

from shared.eventsourcing.jetstream.ends import ends_at
from shared.testing.examples import ROXBURY, STREET_LIGHTS
from shared.web.now import utc_now

LAMPS = {
    "name": "Friends of the lamps",
    "cause": "We look after the lamps\nof our street. <b>All</b> of them.",
    "tags": "light, safety, light",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
}


async def founded(member: httpx.AsyncClient, **other: str) -> str:
    page = await filled(member, "/societies/found", **LAMPS | other)
    assert "It is founded, and you lead it." in page.text, page.text
    return page.url.path


async def pressed(member: httpx.AsyncClient, society: str, act: str) -> httpx.Response:
    return await filled(member, society, f"{society}/{act}")


async def test_a_society_is_there_at_once_and_everybody_finds_it(
    ann: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    page = (await stranger.get(society)).text
    assert "Friends of the lamps" in page
    assert "&lt;b&gt;All&lt;/b&gt;" in page
    assert "Sign in to join it" in page
    for query in (
        "",
        "place=us.ma.boston",
        f"sector={STREET_LIGHTS}",
        "tag=safety",
        "words=lamps+our",
    ):
        await until_shown(stranger, f"/societies?{query}", "Friends of the lamps")
    for query in ("place=us.ma.boston.mattapan", "sector=noise", "tag=safe", "words=lamps+moon"):
        assert "Friends of the lamps" not in (await stranger.get(f"/societies?{query}")).text


async def test_programs_read_the_same(ann: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    society = await founded(ann)
    await until_shown(stranger, "/societies", "Friends of the lamps")
    found = (await stranger.get("/societies.json?tag=light")).json()
    assert found["older"] == ""
    (told,) = found["societies"]
    assert told.pop("founded_on") <= utc_now().date().isoformat()
    assert told == {
        "society": society.rpartition("/")[2],
        "name": "Friends of the lamps",
        "cause": LAMPS["cause"],
        "tags": ["light", "safety"],
        "places": [ROXBURY],
        "sectors": [STREET_LIGHTS],
        "life": "active",
        "at_least": None,
        "registry": None,
    }
    assert (await stranger.get("/societies.json?tag=dark")).json()["societies"] == []


async def test_the_same_form_sent_twice_founds_one(ann: httpx.AsyncClient, nats: Client) -> None:
    form = await ann.get("/societies/found")
    one = await sent(ann, form, "/societies/found", **LAMPS)
    end = await ends_at(nats, "PROMOTION")
    again = await sent(ann, form, "/societies/found", **LAMPS)
    assert one.url == again.url
    assert await ends_at(nats, "PROMOTION") == end


async def test_what_is_missing_or_unknown_is_told_beside_its_field(ann: httpx.AsyncClient) -> None:
    page = await filled(ann, "/societies/found", **LAMPS | {"name": "", "place": "mars"})
    assert page.status_code == 422
    assert "Give it a name" in page.text
    page = await filled(ann, "/societies/found", **LAMPS | {"place2": "mars", "tags": "x" * 41})
    assert "At most ten words" in page.text
    page = await filled(ann, "/societies/found", **LAMPS | {"place2": "mars"})
    assert "Choose a place, or everywhere." in page.text
    assert "We look after the lamps" in page.text, "what was typed stands there again"


async def test_others_join_and_it_goes_to_one_of_them(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    assert "You belong to it now." in (await pressed(bob, society, "join")).text
    page = await filled(ann, f"{society}/leave")
    assert "You have left it." in page.text
    own = (await bob.get(society)).text
    assert "Offices, and who follows" in own
    assert "Dissolve it for ever" in own
    assert f'action="{society}/leave"' not in own, "what can't be undone is asked once more"
    assert f'action="{society}/dissolve"' not in own
    assert "It is dissolved." in (await filled(bob, f"{society}/dissolve")).text
    late = await filled(ann, "/me", f"{society}/join")
    assert "This society has ended." in late.text


async def test_what_it_held_is_told_and_few_people_are_not_counted(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    held = {"what": "We mended a lamp", "place": ROXBURY, "on": "2020-03-04", "came": "12"}
    page = await filled(ann, f"{society}/held", **held)
    assert "It is written down." in page.text
    shown = await until_shown(stranger, society, "We mended a lamp")
    assert "12 people came." in shown
    await filled(ann, f"{society}/held", **held | {"what": "And a second one", "came": "4"})
    assert "Few came." in await until_shown(stranger, society, "And a second one")
    page = await filled(ann, f"{society}/held", **held | {"on": "2900-01-01"})
    assert "That day is to come." in page.text
    assert (
        "That is for members of the society." in (await filled(bob, f"{society}/held", **held)).text
    )


async def test_who_leads_gives_an_office_and_the_words_of_before_go(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    await pressed(bob, society, "join")
    page = await filled(ann, f"{society}/offices", member="2", what="give", office="deputy")
    assert "It is written down." in page.text
    assert (
        "Type the number of a member."
        in (await filled(ann, f"{society}/offices", member="3", what="give", office="deputy")).text
    )
    assert "deputy" in (await bob.get(society)).text
    before = (await site.societies.one(society.rpartition("/")[2])).words
    page = await filled(bob, f"{society}/words", name="Lamps", cause="All lamps", tags="")
    assert "Lamps" in page.text
    assert await site.words.some([before]) == {}


async def test_what_is_suspended_is_read_by_its_members_alone_until_somebody_else_looks(
    site: PromotionSite, ann: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    async with site.client() as ana, site.client() as eva:
        await joined(site, ana, "ana")
        page = await filled(ana, f"{society}/suspend", reason="It calls for violence")
        assert "It is suspended." in page.text
        seen = (await stranger.get(society)).text
        assert "It calls for violence" in seen
        assert "Friends of the lamps" not in seen
        assert "Friends of the lamps" in (await ann.get(society)).text
        page = await filled(ann, f"{society}/appeal", text="It was a song")
        assert "Somebody else than who suspended it will look at it." in page.text
        assert "It was a song" in (await ana.get(society)).text
        own = await until_shown(ana, "/societies/appeals", "It calls for violence")
        assert "somebody else than you" in own
        page = await filled(ana, f"{society}/reinstate", reason="Yes")
        assert "You suspended it" in page.text
        await joined(site, eva, "eva")
        assert "you may" in await until_shown(eva, "/societies/appeals", "It calls for violence")
        page = await filled(eva, f"{society}/reinstate", reason="It was a song")
        assert "It is reinstated." in page.text
    assert "Friends of the lamps" in (await stranger.get(society)).text


async def test_members_are_numbers_to_each_other_and_nothing_to_others(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    await pressed(bob, society, "join")
    assert re.findall(r'<th scope="row">(\d)</th>', (await bob.get(society)).text) == ["1", "2"]
    assert '<th scope="row">' not in (await stranger.get(society)).text


async def test_what_nobody_founded_is_not_there(stranger: httpx.AsyncClient) -> None:
    for path in ("/societies/" + "0" * 32, "/societies/nothing"):
        assert (await stranger.get(path)).status_code == 404


async def test_who_is_the_last_is_told_what_leaving_does(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    told = "when you leave it, it is dissolved"
    assert told in (await ann.get(society)).text
    await pressed(bob, society, "join")
    for member in (ann, bob):
        assert told not in (await member.get(society)).text


async def test_who_founds_is_told_who_else_cares(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    await founded(ann)
    await until_shown(ann, "/societies", "Friends of the lamps")
    own = LAMPS | {"name": "Lamps for all"}
    page = await filled(bob, "/societies/found", **own)
    assert "Who else cares about this?" in page.text
    assert "Friends of the lamps" in page.text
    again = await sent(bob, page, "/societies/found", **own)
    assert "It is founded, and you lead it." in again.text
    other = {"name": "Choir", "cause": "Singing", "tags": "", "sector": ""}
    page = await filled(bob, "/societies/found", **LAMPS | other)
    assert "It is founded, and you lead it." in page.text, "nobody is alike"


async def test_somebody_takes_back_what_they_wrote_and_nothing_else(
    site: PromotionSite, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    society = await founded(ann)
    await pressed(bob, society, "join")
    held = {"what": "We mended a lamp", "place": ROXBURY, "on": "2020-03-04", "came": "12"}
    await filled(bob, f"{society}/held", **held)
    await until_shown(ann, society, "We mended a lamp")
    assert "We mended a lamp" not in (await ann.get(f"{society}/own")).text
    named = (await site.societies.one(society.rpartition("/")[2])).words
    await filled(bob, f"{society}/own", words=named)
    assert "Friends of the lamps" in (await ann.get(society)).text
    await filled(bob, f"{society}/leave")
    assert "It is taken back" in (await filled(bob, f"{society}/own")).text
    page = (await ann.get(society)).text
    assert "What it was has been taken back." in page
    assert "12 people came." in page
    assert "It is taken back" in (await filled(ann, f"{society}/own")).text
    assert "Its words were taken back." in (await ann.get(society)).text
    assert "Nothing of yours is there." in (await ann.get(f"{society}/own")).text
