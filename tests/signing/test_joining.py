"""Who is invited joins whole or not at all: a death in between costs neither login nor word."""

import httpx
from promotion_site import PromotionSite
from sqlalchemy import text
from visiting import OTHER, accepted, filled, is_in, joined, staff_signed_in

from services.promotion.signing.passkey_store import Passkey
from services.promotion.signing.store import metadata


async def dies(site: PromotionSite, who: str, word: str) -> None:
    """Just where the recovery codes should be kept, the last of all."""
    with site.engine.begin() as connection:
        connection.execute(text("DROP TABLE signing_recovery"))
    async with site.client(raise_app_exceptions=False) as visitor:
        assert (await accepted(site, visitor, who, word)).status_code == 500
    metadata.create_all(site.engine)


async def test_an_invitation_whose_taker_died_is_good_once_more(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    word = await site.invited("ana")
    await dies(site, "ana", word)
    assert "You have signed in" not in (await visitor.get("/me")).text
    page = await accepted(site, visitor, "ana", word)
    assert page.status_code == 200
    assert await is_in(visitor)
    page = await filled(visitor, "/staff/join", who="ana", word=word, fresh=OTHER, again=OTHER)
    assert page.status_code == 403, "once, and no more"


async def test_who_was_in_before_is_out_and_nothing_else_is_lost(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    """Whatever it was that made another invitation needed."""
    _, codes = await joined(site, visitor, "eva")
    entrance = site.desk.entrance
    kept = await entrance.kept_of_staff("eva")
    await site.store.passkeys.add(Passkey("p" * 64, kept.login_id, b"a key", 0))
    word = await site.invited("eva")
    await site.desk.invitations.allowed(await _act_of(site, kept.login_id))
    await dies(site, "eva", word)
    assert not await is_in(visitor)
    assert await site.store.passkeys.of(kept.login_id), "what she had is there as before"
    async with site.client() as again:
        assert (await accepted(site, again, "eva", word)).status_code == 200
    assert not await site.store.passkeys.of(kept.login_id)
    assert (await staff_signed_in(visitor, "eva", codes[0], OTHER)).status_code == 403


async def _act_of(site: PromotionSite, login_id: str) -> str:
    kept = await site.store.of(login_id)
    assert kept is not None
    assert kept.invited_by is not None
    return kept.invited_by
