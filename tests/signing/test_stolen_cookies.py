"""Whoever has somebody's cookie has it until its owner acts, and gets no way in of their own."""

from dataclasses import replace
from datetime import timedelta

import httpx
from nats.aio.client import Client
from promotion_site import STAFF, PromotionSite, promotion_site
from soft_device import Device, adds, challenge_in, shows
from sqlalchemy import Engine
from visiting import (
    GOOD,
    OTHER,
    accepted,
    filled,
    is_in,
    joined,
    sent,
    signed_in,
    signed_out,
    signed_up,
)

from services.promotion.signing.passkey_store import MOST


def copied(thief: httpx.AsyncClient, owner: httpx.AsyncClient) -> None:
    thief.cookies.clear()
    thief.cookies.set("tribune_session", owner.cookies["tribune_session"])


async def test_a_passkey_is_added_by_who_says_the_passphrase_once_more(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    await signed_up(visitor)
    device, evil = Device(), Device()
    async with site.client() as thief:
        copied(thief, visitor)
        for passphrase in ("", "another one"):
            page = await adds(thief, evil, passphrase)
            assert (page.status_code, "not the passphrase" in page.text) == (403, True)
        assert (await shows(thief, evil)).status_code == 403
    assert (await adds(visitor, device)).status_code == 200
    await signed_out(visitor)
    assert (await shows(visitor, device)).status_code == 200
    assert await is_in(visitor)


async def test_who_has_no_passphrase_has_to_have_signed_in_just_now(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    """Also where something else of theirs was changed meanwhile, which begins the session anew."""
    session = await site.desk.entrance.known_elsewhere("pia-at-the-provider")
    visitor.cookies.set("tribune_session", site.desk.signer.token(session))
    first = Device()
    assert (await adds(visitor, first)).status_code == 200
    assert (await adds(visitor, Device())).status_code == 200
    later = await site.desk.entrance.begin(session.login_id, "staff", "pia")
    stale = replace(later, proved=later.proved - timedelta(minutes=6).total_seconds())
    visitor.cookies.clear()
    visitor.cookies.set("tribune_session", site.desk.signer.token(stale))
    page = await adds(visitor, Device())
    assert (page.status_code, "within five minutes" in page.text) == (403, True)
    name = (await site.store.passkeys.of(session.login_id))[0].name
    assert (await filled(visitor, f"/me/passkeys/{name}/remove")).status_code == 200
    assert (await adds(visitor, Device())).status_code == 403


async def test_another_passphrase_can_take_all_passkeys_with_it(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    assert "Remove all passkeys" not in (await visitor.get("/me/passphrase")).text
    device = Device()
    await adds(visitor, device)
    assert "Remove all passkeys" in (await visitor.get("/me/passphrase")).text
    fields = {"old": GOOD, "fresh": OTHER, "again": OTHER}
    await filled(visitor, "/me/passphrase", **fields)
    async with site.client() as other:
        assert (await shows(other, device)).status_code == 200, "they stay unless it is ticked"
        await signed_out(other)
        fields = {"old": OTHER, "fresh": GOOD, "again": GOOD, "passkeys": "yes"}
        await filled(visitor, "/me/passphrase", **fields)
        assert await is_in(visitor)
        assert (await shows(other, device)).status_code == 403
        assert (await signed_in(other, number)).status_code == 200


async def test_who_is_invited_once_more_has_none_of_the_old_passkeys(site: PromotionSite) -> None:
    async with site.client() as eva, site.client() as thief:
        await joined(site, eva, "eva")
        evil = Device()
        await adds(eva, evil)
        kept = await site.store.named(site.desk.entrance.name_of_staff("eva"))
        assert kept
        word = await site.invited("eva")
        again = await site.store.of(kept.login_id)
        assert again
        assert again.invited_by
        await site.desk.invitations.allowed(again.invited_by)
        await accepted(site, eva, "eva", word)
        assert await is_in(eva)
        assert (await shows(thief, evil)).status_code == 403
        assert not await site.store.passkeys.of(kept.login_id)


async def test_signing_out_ends_every_copy_of_that_one_session(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    async with site.client() as thief, site.client() as elsewhere:
        await signed_in(elsewhere, number)
        copied(thief, visitor)
        assert await is_in(thief)
        await signed_out(visitor)
        assert not await is_in(thief)
        assert await is_in(elsewhere), "only that one"


async def test_what_a_device_answered_is_taken_once(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    await signed_up(visitor)
    device = Device()
    await adds(visitor, device)
    async with site.client() as owner, site.client() as thief:
        page = await owner.get("/passkey")
        answer = device.shown(challenge_in(page))
        thief.cookies.update(owner.cookies)
        assert (await sent(owner, page, "/passkey", credential=answer)).status_code == 200
        assert (await sent(thief, page, "/passkey", credential=answer)).status_code == 403
        assert not await is_in(thief)


async def test_a_login_has_so_many_passkeys_and_none_of_another_one(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    await signed_up(visitor)
    devices = [Device() for _ in range(MOST + 1)]
    tried = [(await adds(visitor, device)).status_code for device in devices]
    assert tried == [200] * MOST + [409]
    async with site.client() as other:
        await signed_up(other)
        page = await adds(other, Device(devices[0].credential))
        assert (page.status_code, "You did not come in" in page.text) == (403, True)


async def test_who_left_the_staff_comes_in_as_nobody(
    nats: Client, database: Engine, site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    """By a passkey of their days there, and as a member."""
    await joined(site, visitor, "eva")
    device = Device()
    await adds(visitor, device)
    staff = {code: person for code, person in STAFF.items() if code != "eva"}
    async with (
        promotion_site(nats, database, staff=staff) as later,
        later.client() as former,
    ):
        assert (await shows(former, device)).status_code == 403
        assert not await is_in(former)
