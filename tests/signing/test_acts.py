"""What one operator may not do alone waits for another one, and all of it is written down."""

import re

import httpx
from nats.aio.client import Client
from promotion_site import PromotionSite
from visiting import (
    GOOD,
    filled,
    is_in,
    joined,
    signed_in,
    signed_up,
    until_out,
    until_shown,
)

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
    """Else whoever has the command line could take over anybody's login by themselves."""
    async with site.client() as ana, site.client() as ben, site.client() as visitor:
        await joined(site, ana, "ana")
        await joined(site, ben, "ben")
        word = await site.invited("ben")
        tried = {"who": "ben", "word": word, "fresh": GOOD, "again": GOOD}
        assert (await filled(visitor, "/staff/join", **tried)).status_code == 403
        shown = await until_shown(ana, "/acts", "Invite somebody of the staff once more")
        found = ACT.search(shown)
        assert found
        assert (await allowed(ben, found[1])).status_code == 409, "it is about himself"
        await allowed(ana, found[1])
        assert (await filled(visitor, "/staff/join", **tried)).status_code == 200
        assert await is_in(ben)


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
