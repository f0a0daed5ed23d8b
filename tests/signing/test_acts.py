"""What one operator may not do alone waits for another one, and all of it is written down."""

import asyncio
import re

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import BASE, PromotionSite
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from visiting import (
    GOOD,
    accepted,
    filled,
    is_in,
    joined,
    signed_in,
    signed_up,
    until_out,
    until_shown,
)

from services.promotion.domain.login import LoginClosedError
from shared.runtime.http import public_app

ACT = re.compile(r'id="act-([0-9a-f]{32})"')


async def asked(
    operator: httpx.AsyncClient, whom: str, kind: str = "close-login", reason: str = "Lost her key"
) -> httpx.Response:
    return await filled(operator, "/acts/ask", kind=kind, whom=whom, reason=reason)


async def act_in(operator: httpx.AsyncClient) -> str:
    found = ACT.search(await until_shown(operator, "/acts", "Why: Lost her key"))
    assert found
    return found[1]


async def allowed(operator: httpx.AsyncClient, act: str) -> httpx.Response:
    """Also where the page offers no button for it."""
    return await filled(operator, "/me", f"/acts/{act}/allow")


async def test_a_login_is_closed_by_two(site: PromotionSite, visitor: httpx.AsyncClient) -> None:
    number = await signed_up(visitor)
    async with site.client() as ana, site.client() as ben:
        await joined(site, ana, "ana")
        await joined(site, ben, "ben")
        assert "It waits for a second person." in (await asked(ana, number)).text
        act = await act_in(ana)
        answer = await allowed(ana, act)
        assert answer.status_code == 409
        assert "somebody else has to allow it" in answer.text
        assert await is_in(visitor)
        shown = await until_shown(ben, "/acts", act)
        assert "Why: Lost her key" in shown
        assert "Asked for by Ana Ruiz" in shown
        assert "It is done." in (await allowed(ben, act)).text
        await until_shown(ana, "/acts", "allowed: Ben Okri")
        await until_out(visitor)
        assert (await signed_in(visitor, number)).status_code == 403


async def test_what_one_may_do_alone_is_done_at_once(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    async with site.client() as ana:
        await joined(site, ana, "ana")
        assert "It is done." in (await asked(ana, number, "sign-out")).text
        await until_out(visitor)
        assert (await signed_in(visitor, number)).status_code == 200
        assert await is_in(visitor)


async def test_an_act_is_declined_with_a_reason(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    async with site.client() as ana, site.client() as ben:
        await joined(site, ana, "ana")
        await joined(site, ben, "ben")
        await asked(ana, number)
        act = await act_in(ben)
        assert (await filled(ben, f"/acts/{act}/decline", reason="")).status_code == 422
        await filled(ben, f"/acts/{act}/decline", reason="Found it again")
        shown = await until_shown(ana, "/acts", "declined: Ben Okri")
        assert "Why: Found it again" in shown
        answer = await filled(ana, f"/acts/{act}/decline", reason="Too late")
        assert "settled already" in answer.text
    assert await is_in(visitor)


async def test_what_is_asked_needs_a_reason_and_somebody(site: PromotionSite) -> None:
    async with site.client() as ana:
        await joined(site, ana, "ana")
        assert 'id="reason-error"' in (await asked(ana, "ben", reason=" ")).text
        assert 'id="kind-error"' in (await asked(ana, "ben", kind="invite")).text
        answer = await asked(ana, "0000 0000 0000")
        assert "Nobody signs in by this number or name." in answer.text


async def test_who_is_invited_once_more_needs_two_and_keeps_the_old_until_then(
    site: PromotionSite,
) -> None:
    """Else whoever has the command line, and may be one of the operators, could take over anybody's
    login by themselves: it does not say who asked, so two others have to allow it."""
    async with site.client() as ana, site.client() as ben, site.client() as eva:
        await joined(site, ana, "ana")
        await joined(site, ben, "ben")
        await joined(site, eva, "eva")
        word = await site.invited("eva")
        tried = {"who": "eva", "word": word, "fresh": GOOD, "again": GOOD}
        async with site.client() as visitor:
            assert (await filled(visitor, "/staff/join", **tried)).status_code == 403
            shown = await until_shown(ana, "/acts", "Invite somebody of the staff once more")
            found = ACT.search(shown)
            assert found
            assert "It waits for one more person." in (await allowed(ana, found[1])).text
            assert (await allowed(ana, found[1])).status_code == 409, "she is one person"
            assert (await filled(visitor, "/staff/join", **tried)).status_code == 403
            shown = await until_shown(ana, "/acts", "Ana Ruiz said yes; one more has to.")
            assert f"{found[1]}/allow" not in shown
            assert "It is done." in (await allowed(ben, found[1])).text
            assert (await filled(visitor, "/staff/join", **tried)).status_code == 200
        assert await is_in(eva)


async def test_nobody_allows_that_they_themselves_are_invited_once_more(
    site: PromotionSite,
) -> None:
    async with site.client() as ana, site.client() as ben:
        await joined(site, ana, "ana")
        await joined(site, ben, "ben")
        await site.invited("ben")
        found = ACT.search(await until_shown(ben, "/acts", "once more"))
        assert found
        assert (await allowed(ben, found[1])).status_code == 409
        await allowed(ana, found[1])
        assert (await allowed(ben, found[1])).status_code == 409


async def test_whose_login_was_closed_gets_another_one_by_an_invitation(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    async with site.client() as ana, site.client() as ben, site.client() as eva:
        await joined(site, ana, "ana")
        await joined(site, ben, "ben")
        await joined(site, eva, "eva")
        await asked(ana, "eva")
        await allowed(ben, await act_in(ben))
        await until_out(eva)
        entrance = site.desk.entrance
        closed = await site.store.named(entrance.name_of_staff("eva"))
        assert closed
        async with asyncio.timeout(10):
            while not entrance.giving.is_closed(closed.login_id):
                await asyncio.sleep(0.005)
        again = await site.invited("eva")
        kept = await site.store.of(closed.login_id)
        assert kept
        assert kept.invited_until is None, "it needs two, as for everybody who had joined"
        await site.desk.invitations.allowed(kept.invited_by or "")
        await accepted(site, visitor, "eva", again)
        assert "You have signed in as eva." in (await visitor.get("/me")).text
        fresh = await site.store.named(entrance.name_of_staff("eva"))
        assert fresh
        assert fresh.login_id != closed.login_id
        assert not await is_in(eva)


async def test_what_the_log_forbids_is_said_in_words(site: PromotionSite) -> None:
    """Such as changing what belongs to a login that was closed a moment ago."""

    async def forbidden(_: Request, __: dict[str, str]) -> Response:
        raise LoginClosedError

    desk = site.desk
    late = Route("/late", desk.either(desk.renew, forbidden), methods=["POST"])
    app = public_app(desk.frame, [*site.routes, late])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as late_one:
        page = await filled(late_one, "/sign-up", "/late")
    assert (page.status_code, "may be closed" in page.text) == (409, True)


@pytest.mark.parametrize("act", ["x", "0" * 31, "A" * 32, "0" * 33, "%2e%2e", "*", "a.b"])
async def test_what_is_no_id_is_not_there(site: PromotionSite, act: str) -> None:
    async with site.client() as ana:
        await joined(site, ana, "ana")
        for what in ("allow", "decline"):
            page = await filled(ana, "/me", f"/acts/{act}/{what}", reason="x")
            assert page.status_code == 404
        assert (await ana.get(f"/acts/{act}/decline")).status_code == 404


async def test_an_auditor_sees_all_and_does_nothing(site: PromotionSite) -> None:
    async with site.client() as ana, site.client() as aud:
        await joined(site, ana, "ana")
        await joined(site, aud, "aud")
        await asked(ana, "aud")
        act = await act_in(aud)
        page = (await aud.get("/acts")).text
        assert "/allow" not in page
        assert "/decline" not in page
        for path in (f"/acts/{act}/allow", f"/acts/{act}/decline", "/acts/ask"):
            assert (await aud.post(path)).status_code == 403


async def test_each_act_bears_who_did_it_and_why(nats: Client, site: PromotionSite) -> None:
    async with site.client() as ana:
        await joined(site, ana, "ana")
        await asked(ana, "ana", "sign-out")
        stored = await site.store.named(site.desk.entrance.name_of_staff("ana"))
        assert stored
        jetstream = nats.jetstream()
        for event in ("ActProposed", "ActAllowed"):
            message = await jetstream.get_last_msg("PROMOTION", f"promotion.act.{event}.>")
            assert message.headers
            assert message.headers["ce-actor"] == f"staff:operator:{stored.login_id}"
        message = await jetstream.get_last_msg("PROMOTION", "promotion.act.ActProposed.>")
        assert b'"reason":"Lost her key"' in (message.data or b"")
        assert b"Ana" not in (message.data or b"")
