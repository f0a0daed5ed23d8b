"""A member's page of credentials: nothing without their consent, and nothing that says who asks."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from credentials_shown import (
    BASE,
    KEYS,
    SITES,
    TRACK,
    WITHIN_S,
    Holder,
    Public,
    holder,
    qualifies,
    unread,
)
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import filled

from services.promotion.credentials.signer import Signer
from services.promotion.credentials.told import Tracks
from services.promotion.domain.issuer_key import EndIssuerKey
from services.promotion.projections.whole import Whole
from services.promotion.site.credentialing import credential_routes
from shared.contracts.identity import credential_list_id
from shared.contracts.issuer_key import IssuerKeyEnded
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.http import public_app
from shared.runtime.slips import GOOD_FOR, Slips
from shared.testing.examples import MEMBER_ID, MONDAY, ROXBURY, STREET_LIGHTS

ANOTHER_KEY = b"another key of promotion for tests"


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, sites=SITES, tracks=(TRACK,)) as running:
        yield running


@pytest.fixture
async def ann(site: PromotionSite) -> AsyncIterator[Holder]:
    await qualifies(site)
    async with holder(site) as somebody:
        yield somebody


async def logged(nats: Client, *kinds: str) -> list[str]:
    """Whole messages of PROMOTION: subject, headers, body."""
    jetstream = nats.jetstream()
    last = (await jetstream.stream_info("PROMOTION")).state.last_seq
    found = [await jetstream.get_msg("PROMOTION", seq) for seq in range(1, last + 1)]
    told = [f"{each.subject} {each.headers} {(each.data or b'').decode()}" for each in found]
    return [each for each in told if any(kind in each.split(" ")[0] for kind in kinds)]


async def fetched(site: PromotionSite, address: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as anybody:
        return await anybody.get(address, headers=headers)


async def test_there_is_none_unless_the_member_asks(nats: Client, ann: Holder) -> None:
    page = await ann.shown("Ask for a credential")
    assert "Save a credential as a file" not in page.text
    assert not await logged(nats, ".credentials.", ".credential-list.", ".issuer-key.")
    refused = await filled(ann.browser, ann.page, f"{ann.page[:15]}/file", saved="1" * 32)
    assert refused.status_code == 409


async def test_what_is_allowed_says_nothing_of_the_login_or_the_reports(
    nats: Client, ann: Holder
) -> None:
    assert "You have allowed it." in (await ann.allows()).text
    saved = await ann.saves()
    assert saved.headers["content-type"] == "application/jwt"
    assert saved.headers["cache-control"] == "no-store"
    assert "attachment" in saved.headers["content-disposition"]
    said = json.dumps(unread(saved.text))
    for hidden in (MEMBER_ID, ROXBURY, STREET_LIGHTS, "awardedDate", "identifier"):
        assert hidden not in said
    logins = [each.split(".")[3] for each in await logged(nats, "LoginOpened")]
    told = await logged(nats, ".credentials.", ".credential-list.", ".issuer-key.")
    assert len(told) == 3
    (allowed,) = [each for each in told if ".CredentialAllowed." in each.split(" ")[0]]
    assert f"'ce-actor': 'member:self:{MEMBER_ID}'" in allowed
    assert logins
    assert not [login for login in logins if login in "".join(told)]


async def test_the_day_is_told_only_to_who_ticks_it(ann: Holder) -> None:
    await ann.allows(with_day="yes")
    await ann.shown("It tells on which day you qualified.")
    assert "awardedDate" in unread((await ann.saves()).text)


async def test_an_address_stands_in_the_file_as_a_hash_and_nowhere_else(
    nats: Client, ann: Holder, capfd: pytest.CaptureFixture[str]
) -> None:
    await ann.allows()
    wrong = await ann.saves(email="no address")
    assert wrong.status_code == 422
    claims = unread((await ann.saves(email="Ana@example.org")).text)
    (identity,) = claims["credentialSubject"]["identifier"]
    digest = hashlib.sha256(f"ana@example.org{identity['salt']}".encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${digest}"
    kept = "".join(await logged(nats, "."))
    assert "example.org" not in (kept + "".join(capfd.readouterr())).lower()
    assert digest not in kept


async def test_what_was_taken_back_is_not_saved_again_but_may_be_allowed_anew(ann: Holder) -> None:
    await ann.allows()
    first = unread((await ann.saves()).text)["id"]
    assert "You have taken it back" in (await ann.takes_back()).text
    page = await ann.shown("revoked, because you took it back")
    assert "Save a credential as a file" not in page.text
    await ann.allows()
    assert unread((await ann.saves()).text)["id"] != first


@pytest.mark.parametrize("slip", ["", "AAAA", "é"])
async def test_without_a_slip_nobody_is_a_member(site: PromotionSite, slip: str) -> None:
    await qualifies(site)
    async with holder(site) as ben:
        page = (await ben.browser.get("/me/credentials", params={"slip": slip})).text
        assert f"{BASE.removesuffix('/promotion')}/intake/mine/credentials" in page
        assert "Ask for a credential" not in page
        fields = {"track": TRACK.name, "slip": slip}
        refused = await filled(ben.browser, "/me/credentials", **fields)
        assert refused.status_code == 403


async def test_a_slip_of_another_login_says_nothing(site: PromotionSite, ann: Holder) -> None:
    async with holder(site, "b" * 32) as ben:
        page = (await ben.browser.get(ann.page)).text
        assert "Ask for a credential" not in page
        assert "Go on with your reports" in page


def test_a_slip_is_good_for_half_an_hour_and_for_one_instance() -> None:
    slips = Slips(b"1" * 32)
    slip = slips.slip("a" * 32, MEMBER_ID, MONDAY)
    assert slips.person(slip, "a" * 32, MONDAY) == MEMBER_ID
    assert MEMBER_ID not in slip
    assert slips.person(slip, "a" * 32, MONDAY + GOOD_FOR) is None
    assert slips.person(slip, "b" * 32, MONDAY) is None
    assert Slips(b"2" * 32).person(slip, "a" * 32, MONDAY) is None


async def test_addresses_are_those_of_the_settings_whatever_a_host_says(
    site: PromotionSite,
) -> None:
    for path in ("did.json", ".well-known/did.json", ".well-known/issuer.json"):
        told = await fetched(site, f"{BASE}/{path}", Host="evil.example")
        assert told.json()["id"] == "did:web:tribune.test:promotion"
        assert "evil" not in told.text


async def test_lists_and_rules_that_there_are_not_are_not_found(site: PromotionSite) -> None:
    for path in (
        "credentials/status/none",
        f"credentials/status/{'0' * 32}",
        "achievements/none/1",
        "achievements/correspondent/1.5",
    ):
        assert (await fetched(site, f"{BASE}/{path}")).status_code == 404
    told = (await fetched(site, f"{BASE}/achievements/correspondent/1")).text
    assert "at least 1" in told
    assert "at least 1" not in (await fetched(site, f"{BASE}/achievements/correspondent/2")).text


async def _keys(site: Any) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = (await fetched(site, KEYS)).json()["keys"]
    return keys


async def test_after_another_key_old_credentials_are_good_until_the_old_one_is_ended(
    site: PromotionSite, ann: Holder
) -> None:
    assert len(await _keys(site)) == 1, "also before it has signed anything"
    await ann.allows()
    token = (await ann.saves()).text
    own, signer = site.consents.signer, Signer(ANOTHER_KEY)
    replaced = signing_by(site, signer)
    kids = [each["kid"].partition("#")[2] for each in await _keys(replaced)]
    assert kids == [signer.key_id, own.key_id]
    public = await Public.found_for(replaced, token)
    assert public.by_python([token]) == await public.by_npm([token]) == ["valid"]
    ended = IssuerKeyEnded(key_id=own.key_id, reason="It was copied")
    envelope = Envelope(EndIssuerKey(ended), id="9" * 32, correlation_id="9" * 32)
    await site.handler.carry_out(envelope)
    async with asyncio.timeout(WITHIN_S):
        while len(await _keys(replaced)) == 2:
            await asyncio.sleep(0.005)
    public = await Public.found_for(replaced, token)
    assert public.by_python([token])[0].startswith("not valid")
    assert (await public.by_npm([token]))[0].startswith("not valid")
    refused = await ann.saves()
    assert refused.status_code == 409
    assert "The body has to replace its key first" in refused.text


async def test_verifiers_are_told_to_come_back_while_rows_are_made_anew(
    site: PromotionSite,
) -> None:
    """From half of the log an ended key is a good one, and what was revoked too."""
    ask, month = partial(ask_in, site.engine), credential_list_id("2030-01")
    guard, tracks = site.desk.guard, Tracks((TRACK,))
    routes = credential_routes(guard, site.consents, tracks, ask, Whole(goal=10**6))
    behind = SimpleNamespace(app=public_app(guard.frame, routes))
    for path in (".well-known/did.json", ".well-known/jwks.json", f"credentials/status/{month}"):
        told = await fetched(behind, f"{BASE}/{path}")
        assert (told.status_code, told.headers["Retry-After"]) == (503, "10")


def signing_by(site: PromotionSite, signer: Signer) -> Any:
    """As it is once promotion was started with another key."""
    guard, consents = site.desk.guard, replace(site.consents, signer=signer)
    ask = partial(ask_in, site.engine)
    routes = credential_routes(guard, consents, Tracks((TRACK,)), ask)
    return SimpleNamespace(app=public_app(guard.frame, routes))
