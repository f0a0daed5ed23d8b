"""A body opens a post, members are ranked, asked and placed over HTTP, and the base recalls one."""

from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
from credentials_shown import TRACK, Holder
from filling import MEMBERS, POST, credited, decided, holder, id_of, opened, pressed, swept
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import filled, joined, sent, until_shown

from shared.eventsourcing.jetstream.ends import ends_at
from shared.testing.examples import DORCHESTER, ROXBURY, STREET_LIGHTS
from shared.web.now import utc_now

DAY, SOON = timedelta(days=1), timedelta(seconds=1)
A, B, C, D = MEMBERS


async def shown(member: Holder, what: str) -> str:
    return await until_shown(member.browser, f"/me/posts?slip={member.slip}", what)


async def test_a_post_is_filled_and_its_holder_recalled(
    site: PromotionSite, placer: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await credited(site, A, days=5)
    await credited(site, B, days=1)
    await credited(site, C, days=1, place="us.ny.new-york")
    post = await opened(placer, shown="1")
    await until_shown(stranger, "/posts", "Inspector of street lights")
    assert "vacant" in (await stranger.get(post)).text
    assert await swept(site, utc_now() + SOON) == 1
    a, b, c = (site.posts.code(each) for each in (A, B, C))
    bench = (await placer.get(post)).text
    assert bench.index(a) < bench.index(b) < bench.index(c), "more days, then the place first"
    assert "days of confirmed work at the place, about the sector: at least 4" in bench
    public = (await stranger.get(post)).text
    assert not any(each in public for each in (a, b, c, A, B, C))
    assert "few" in public
    missing = await decided(placer, post, "ask", who=b)
    assert "chosen with a reason" in missing.text
    asked = await decided(placer, post, "ask", who=b, reason="Knows the wires")
    assert "It is done." in asked.text
    assert "Knows the wires" in (await stranger.get(post)).text
    async with AsyncExitStack() as doors:
        anna = await doors.enter_async_context(holder(site, A))
        bea = await doors.enter_async_context(holder(site, B))
        await shown(bea, "You are asked whether you take a seat.")
        why = (await anna.browser.get(f"/me{post}?slip={anna.slip}")).text
        assert "Knows the wires" in why
        assert "You stood before them" in why
        assert "What counted for them" in why
        dora = await doors.enter_async_context(holder(site, D))
        elsewhere = (await dora.browser.get(f"/me{post}?slip={dora.slip}")).text
        assert "You were not among the candidates then." in elsewhere
        assert "What counted for them" not in elsewhere, "figures tell who it was"
        told = await pressed(bea, post, "accept")
        assert "You have the seat, and nothing of you is public." in told.text
        await until_shown(stranger, "/posts", "filled")
        assert "Who stands" not in (await stranger.get(post)).text
        await shown(anna, "Recall who has seat 1")
        recalled = await pressed(anna, post, "recall", seat=1)
        assert "counts, once" in recalled.text
    assert "vacant" in (await stranger.get(post)).text


async def test_the_same_form_sent_twice_opens_one_and_programs_read_it(
    placer: httpx.AsyncClient, stranger: httpx.AsyncClient, nats: Client
) -> None:
    post = await opened(placer)
    form = await placer.get("/posts/open")
    one = await sent(placer, form, "/posts/open", **POST)
    end = await ends_at(nats, "PROMOTION")
    again = await sent(placer, form, "/posts/open", **POST)
    assert one.url == again.url
    assert one.url.path != post
    assert await ends_at(nats, "PROMOTION") == end
    await until_shown(stranger, "/posts.json", id_of(str(one.url.path)))
    told = {each["post"]: each for each in (await stranger.get("/posts.json")).json()["posts"]}
    found = told[id_of(post)]
    assert found.pop("opened_on")
    assert found == {
        "post": id_of(post),
        "title": "Inspector of street lights",
        "place": "us.ma.boston",
        "sector": STREET_LIGHTS,
        "tracks": ["correspondent"],
        "seats": 1,
        "placed": 0,
        "vacant": 1,
        "bench": "unranked",
        "life": "open",
    }


async def test_what_is_missing_or_unknown_is_told_beside_its_field(
    placer: httpx.AsyncClient,
) -> None:
    page = await filled(placer, "/posts/open", **POST | {"place": "mars", "tracks": "none"})
    assert page.status_code == 422
    assert "Choose a place, or everywhere." in page.text
    assert "Type the names of tracks of the charter" in page.text
    page = await filled(placer, "/posts/open", **POST | {"seats": "many", "title": ""})
    assert "Type a number." in page.text
    assert "Say in one line what the post is." in page.text


async def test_nobody_but_placers_decides_and_a_member_without_a_slip_is_nobody(
    site: PromotionSite, placer: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    post = await opened(placer)
    assert (await stranger.post(f"{post}/decide")).status_code in (401, 403, 200)
    assert "Decide" not in (await stranger.get(post)).text
    async with holder(site, A) as anna:
        page = await anna.browser.get("/me/posts")
        assert "only your reports say" in page.text
        refused = await sent(anna.browser, page, "/me/posts", what="forward")
        assert refused.status_code == 403
        late = await anna.browser.get(f"/me/posts/{id_of(post)}")
        assert late.status_code == 403


async def test_one_comes_forward_names_another_and_stands_back(
    site: PromotionSite, placer: httpx.AsyncClient
) -> None:
    await credited(site, A)
    await credited(site, B, place=DORCHESTER)
    post = await opened(placer)
    async with holder(site, A) as anna:
        await shown(anna, "Come forward")
        assert "You have come forward." in (await pressed(anna, post, "forward")).text
        page = await anna.browser.get(f"/me/posts?slip={anna.slip}")
        given = {"post": id_of(post), "code": site.posts.code(B)}
        named = await sent(anna.browser, page, "/me/nominate", **given)
        assert "You have named them." in named.text
        own = given | {"code": site.posts.code(A)}
        refused = await sent(anna.browser, page, "/me/nominate", **own)
        assert "Come forward yourself." in refused.text
        nobody = given | {"code": "0" * 12}
        wrong = await sent(anna.browser, page, "/me/nominate", **nobody)
        assert "Nobody who is qualified for this post is called so." in wrong.text
        assert await swept(site, utc_now() + SOON) == 1
        bench = (await placer.get(post)).text
        assert "came forward" in bench
        assert "named by another member" in bench
        assert "You have stood back." in (await pressed(anna, post, "back")).text
        assert site.posts.code(A) not in (await placer.get(post)).text
    async with holder(site, D) as dora:
        await shown(dora, "qualifications that you do not have")
        refused = await pressed(dora, post, "forward")
        assert "qualifications that you do not have" in refused.text
        assert refused.status_code == 409


async def test_silence_passes_on_and_the_term_ends(
    site: PromotionSite, placer: httpx.AsyncClient
) -> None:
    await credited(site, A, days=5)
    await credited(site, B, place=ROXBURY)
    post = await opened(placer)
    now = utc_now()
    assert await swept(site, now + SOON) == 1
    await decided(placer, post, "ask", who=site.posts.code(A))
    assert await swept(site, now + 6 * DAY) == 0
    assert await swept(site, now + 8 * DAY) == 1, "nobody answered"
    await decided(placer, post, "ask", who=site.posts.code(B))
    async with holder(site, B) as bea:
        await pressed(bea, post, "accept")
    assert await swept(site, now + 91 * DAY) == 1, "probation"
    assert await swept(site, now + 731 * DAY) == 2, "the term, and a ranking for the free seat"
    page = (await placer.get(post)).text
    assert "Nobody can be chosen at this moment." in page, "one was silent, one had it last"
    closed = await decided(placer, post, "close", reason="The lamps were sold")
    assert "closed" in closed.text
    assert await swept(site, now + 900 * DAY) == 0


async def test_two_sweeps_of_two_replicas_rank_once(
    site: PromotionSite, placer: httpx.AsyncClient
) -> None:
    await credited(site, A)
    await opened(placer)
    at = utc_now() + SOON
    assert await swept(site, at) == 1
    end = await ends_at(site.nats, "PROMOTION")
    assert await swept(site, at) == 0
    assert await ends_at(site.nats, "PROMOTION") == end


async def test_a_second_placer_allows_what_one_chose(nats: Client, database: Engine) -> None:
    given = {"tracks": (TRACK,), "two_place": True}
    async with promotion_site(nats, database, **given) as site, AsyncExitStack() as doors:
        one = await doors.enter_async_context(site.client())
        other = await doors.enter_async_context(site.client())
        await joined(site, one, "pla")
        await joined(site, other, "plo")
        await credited(site, A)
        post = await opened(one)
        assert await swept(site, utc_now() + SOON) == 1
        code = site.posts.code(A)
        await decided(one, post, "ask", who=code)
        assert "a second person has to allow it" in (await one.get(post)).text
        own = await decided(one, post, "allow", who=code)
        assert "somebody else has to allow it" in own.text
        assert "It is done." in (await decided(other, post, "allow", who=code)).text
        assert "they answer until" in (await other.get(post)).text
