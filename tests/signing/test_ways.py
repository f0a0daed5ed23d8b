"""What somebody signs in with is theirs to see, name, remove and renew; others are out then."""

import re

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import PromotionSite
from visiting import (
    GOOD,
    code_of,
    filled,
    is_in,
    joined,
    signed_in,
    signed_up,
    staff_signed_in,
)

from services.promotion.signing.passkey_store import Passkey
from shared.web.now import utc_now
from shared.web.sessions import Session

MINE, OTHER = "1" * 64, "2" * 64


def session_in(site: PromotionSite, visitor: httpx.AsyncClient) -> Session:
    session = site.desk.guard.sessions.read(visitor.cookies["tribune_session"], utc_now())
    assert session
    return session


async def has_passkey(site: PromotionSite, visitor: httpx.AsyncClient, name: str = MINE) -> None:
    """As its device would have made it."""
    login = session_in(site, visitor).login_id
    await site.store.passkeys.add(Passkey(name, login, b"a key", 0, added_at=utc_now()))


async def newest(nats: Client, event: str) -> tuple[dict[str, str], bytes]:
    message = await nats.jetstream().get_last_msg("PROMOTION", f"promotion.login.{event}.>")
    return message.headers or {}, message.data or b""


async def test_a_passkey_is_named_and_removed(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    await has_passkey(site, visitor)
    assert "Added on" in (await visitor.get("/me/ways")).text
    page = await filled(visitor, f"/me/passkeys/{MINE}/name", called="The <old> phone")
    assert "<bdi>The &lt;old&gt; phone</bdi>" in page.text
    async with site.client() as elsewhere:
        await signed_in(elsewhere, number)
        page = await filled(visitor, f"/me/passkeys/{MINE}/remove")
        assert "You are signed out everywhere else." in page.text
        assert "You have none." in page.text
        assert await is_in(visitor)
        assert not await is_in(elsewhere)
    headers, body = await newest(nats, "SecretRemoved")
    assert headers["ce-actor"] == f"member:self:{session_in(site, visitor).login_id}"
    assert b'"what":"passkey"' in body
    assert b"phone" not in body


@pytest.mark.parametrize("called", ["", " ", "x" * 61, "two\nlines", "turned \u202e round"])
async def test_a_name_is_one_short_line(
    site: PromotionSite, visitor: httpx.AsyncClient, called: str
) -> None:
    await signed_up(visitor)
    await has_passkey(site, visitor)
    page = await filled(visitor, f"/me/passkeys/{MINE}/name", called=called)
    assert page.status_code == 422
    assert 'id="called-error"' in page.text


async def test_what_is_written_is_sealed(site: PromotionSite, visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    await has_passkey(site, visitor)
    await filled(visitor, f"/me/passkeys/{MINE}/name", called="The old phone")
    with site.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT called FROM signing_passkey_labels").one()
    assert b"phone" not in bytes(row[0])


async def test_nobody_touches_what_another_one_has(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    await signed_up(visitor)
    await has_passkey(site, visitor)
    async with site.client() as other:
        await signed_up(other)
        await has_passkey(site, other, OTHER)
        for what in ("name", "remove"):
            assert (await other.get(f"/me/passkeys/{MINE}/{what}")).status_code == 404
            page = await filled(
                other, f"/me/passkeys/{OTHER}/{what}", f"/me/passkeys/{MINE}/{what}", called="x"
            )
            assert page.status_code == 404
        await has_passkey(site, other, "3" * 64)
        assert MINE not in (await other.get("/me/ways")).text
    assert MINE in (await visitor.get("/me/ways")).text


async def test_the_last_way_in_stays(site: PromotionSite, visitor: httpx.AsyncClient) -> None:
    """Of somebody who had signed in at a provider, and has no passphrase here."""
    await joined(site, visitor, "ana")
    kept = await site.store.named(site.desk.entrance.name_of_staff("ana"))
    assert kept
    await site.store.change(kept.login_id, passphrase=None)
    await has_passkey(site, visitor)
    page = await filled(visitor, f"/me/passkeys/{MINE}/remove")
    assert page.status_code == 409
    assert "so it has to stay" in page.text
    await has_passkey(site, visitor, OTHER)
    assert (await filled(visitor, f"/me/passkeys/{MINE}/remove")).status_code == 200
    passkey = (await site.store.passkeys.of(kept.login_id))[0]
    assert not await site.store.passkeys.remove(passkey, 1), "also where two go at once"
    assert (await filled(visitor, f"/me/passkeys/{OTHER}/remove")).status_code == 409


async def test_recovery_codes_are_renewed_and_the_old_ones_end(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    seed, old = await joined(site, visitor, "ana")
    assert "8 of them are left." in (await visitor.get("/me/ways")).text
    async with site.client() as elsewhere:
        await staff_signed_in(elsewhere, "ana", code_of(seed, 1))
        assert (await filled(visitor, "/me/recovery", passphrase="wrong one")).status_code == 403
        assert await is_in(elsewhere)
        page = await filled(visitor, "/me/recovery", passphrase=GOOD)
        fresh = re.findall(r"<code>([\w-]+)</code>", page.text)
        assert len(fresh) == 8
        assert not set(fresh) & set(old)
        assert page.headers["Cache-Control"] == "no-store"
        assert await is_in(visitor)
        assert not await is_in(elsewhere)
        assert (await staff_signed_in(elsewhere, "ana", old[0])).status_code == 403
        assert (await staff_signed_in(elsewhere, "ana", fresh[0])).status_code == 200
        assert (await staff_signed_in(elsewhere, "ana", fresh[0])).status_code in (403, 429)
    headers, body = await newest(nats, "SecretReplaced")
    assert headers["ce-actor"] == f"staff:self:{session_in(site, visitor).login_id}"
    assert b'"what":"recovery"' in body
    assert not any(code.encode() in body for code in fresh)


async def test_a_member_has_no_recovery_codes(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    assert "/me/recovery" not in (await visitor.get("/me/ways")).text
    assert (await visitor.get("/me/recovery")).status_code == 403


async def test_wrong_passphrases_slow_down_whoever_has_a_stolen_session(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    await joined(site, visitor, "ana")
    tried = [(await filled(visitor, "/me/recovery", passphrase="x")).status_code for _ in range(5)]
    assert tried[0] == 403
    assert tried[-1] == 429
