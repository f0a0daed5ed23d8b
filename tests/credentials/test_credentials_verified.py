"""Two verifiers that others wrote: valid is valid, a changed byte is not, revoked is told."""

import base64
from collections.abc import AsyncIterator

import pytest
from credentials_shown import SITES, TRACK, Holder, Public, holder, qualifies
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine

EVERY = 7
"""Of the bytes of a token, so many apart are changed, and all of its signature."""


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, sites=SITES, tracks=(TRACK,)) as running:
        yield running


@pytest.fixture
async def ann(site: PromotionSite) -> AsyncIterator[Holder]:
    await qualifies(site)
    async with holder(site) as somebody:
        yield somebody


def changed(token: str) -> list[str]:
    """One byte is another one, in each."""
    parts = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")]
    found = []
    for number, part in enumerate(parts):
        for at in range(0, len(part), 1 if number == 2 else EVERY):
            other = bytearray(part)
            other[at] ^= 1
            told = [bytes(other) if number == each else parts[each] for each in range(3)]
            signs = [base64.urlsafe_b64encode(each).decode().rstrip("=") for each in told]
            found.append(".".join(signs))
    return found


async def test_valid_verifies_a_changed_byte_fails_and_revoked_is_told(
    site: PromotionSite, ann: Holder
) -> None:
    await ann.allows()
    token = (await ann.saves()).text
    public = await Public.found_for(site, token)
    forged = changed(token)
    assert len(forged) > 300
    for verdicts in (public.by_python([token, *forged]), await public.by_npm([token, *forged])):
        assert verdicts[0] == "valid"
        assert {each[:9] for each in verdicts[1:]} == {"not valid"}

    await ann.takes_back()
    await ann.shown("revoked, because you took it back")
    public = await Public.found_for(site, token)
    assert public.by_python([token]) == await public.by_npm([token]) == ["revoked"]


async def test_one_that_is_revoked_leaves_others_valid(site: PromotionSite, ann: Holder) -> None:
    other = "b" * 32
    await qualifies(site, other)
    await ann.allows()
    token = (await ann.saves()).text
    async with holder(site, other) as ben:
        await ben.allows()
        bens = (await ben.saves()).text
        await ben.takes_back()
        await ben.shown("revoked, because you took it back")
    public = await Public.found_for(site, token)
    assert public.by_python([token, bens]) == ["valid", "revoked"]
    assert await public.by_npm([token, bens]) == ["valid", "revoked"]


async def test_the_list_is_believed_only_if_the_body_signed_it(
    site: PromotionSite, ann: Holder
) -> None:
    await ann.allows()
    token = (await ann.saves()).text
    public = await Public.found_for(site, token)
    (address,) = [each for each in public.documents if "/status/" in each]
    public.documents[address] = changed(public.documents[address])[-1]
    assert public.by_python([token])[0].startswith("not valid")
    assert (await public.by_npm([token]))[0].startswith("not valid")
