"""Signing up, in and out in a real browser: members, staff with codes, a provider, two persons."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM
from nats.aio.client import Client
from node_parts import openid_provider
from persons import (
    ERROR,
    FILL,
    GOOD,
    H1,
    INLINE,
    LEDE,
    MESSAGE,
    SUBMIT,
    Person,
    close_a_login,
    code,
    is_shut_out,
    joins_and_signs_in_with_a_code,
    person,
    seed_from,
    signs_up_out_and_in,
)
from promotion_site import PromotionSite, promotion_site
from served import served
from sqlalchemy import Engine

from services.promotion.signing.provider import Provider
from shared.testing.servers import free_port
from shared.web.catalogues import files_of, read_catalogue, words_of
from shared.web.language import Language

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database) as running:
        yield running


@pytest.fixture
async def address(site: PromotionSite) -> AsyncIterator[str]:
    async with served(site.app) as there:
        yield there


@pytest.fixture
async def ann(tmp_path: Path, address: str) -> AsyncIterator[Person]:
    async with person(tmp_path / "ann", address) as somebody:
        yield somebody


async def test_a_member_signs_up_out_and_in(ann: Person) -> None:
    await signs_up_out_and_in(ann)


async def test_she_does_so_without_scripts_and_in_the_dark(ann: Person) -> None:
    await ann.tab.look_as(390, dark=True)
    number = await ann.signs_up()
    await ann.signs_out()
    await ann.tab.look_as(390, dark=True, scripts=False)
    await ann.tab.open(f"{ann.address}/sign-in")
    for field, text in (("number", number), ("passphrase", GOOD)):
        await ann.tab.evaluate(FILL.format(field, json.dumps(text)))
    await ann.tab.act(SUBMIT.format("/sign-in"))
    assert await ann.sees(LEDE) == "You have signed in as a member."


async def test_staff_join_by_an_invitation_and_sign_in_with_a_code(
    site: PromotionSite, ann: Person
) -> None:
    await joins_and_signs_in_with_a_code(ann, await site.invited("ana"))


async def test_two_persons_close_a_login(
    site: PromotionSite, ann: Person, address: str, tmp_path: Path
) -> None:
    number = await ann.signs_up()
    async with (
        person(tmp_path / "ana", address) as ana,
        person(tmp_path / "ben", address) as ben,
    ):
        await ana.joins("ana", await site.invited("ana"))
        await ben.joins("ben", await site.invited("ben"))
        await close_a_login(ana, ben, number)
    await is_shut_out(ann, number)


async def test_staff_sign_in_at_a_real_provider(
    nats: Client, database: Engine, tmp_path: Path
) -> None:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    async with openid_provider(f"{here}/staff/provider/back") as issuer:
        provider = Provider(issuer, "tribune", "a secret: with / signs %", "Our provider")
        async with (
            promotion_site(nats, database, provider=provider) as site,
            served(site.app, port),
            person(tmp_path / "pia", here) as pia,
        ):
            for subject, lede in (
                ("nobody", "The provider did not say who you are"),
                ("pia-at-the-provider", "You have signed in as pia."),
            ):
                await pia.opens("/staff/sign-in")
                await pia.tab.act("document.querySelector('#provider').click()")
                await at_the_provider(pia, subject)
                assert lede in await pia.sees(LEDE)
                await pia.tab.call("Network.clearBrowserCookies")


async def at_the_provider(somebody: Person, subject: str) -> None:
    """Its own pages: who they are, and that we may know."""
    tab = somebody.tab
    await tab.until("document.querySelector('[name=login]')")
    await tab.evaluate(f"document.querySelector('[name=login]').value = '{subject}'")
    await tab.evaluate("document.querySelector('[name=password]').value = 'any'")
    await tab.act("document.querySelector('[type=submit]').click()")
    await tab.act("document.querySelector('[type=submit]').click()")
    while not await tab.evaluate("['/me', '/staff/provider/back'].includes(location.pathname)"):
        pass
    await somebody.looks()
    while (await tab.evaluate(H1)) == "You have signed in":
        pass


async def test_all_of_it_is_said_in_french(nats: Client, database: Engine, tmp_path: Path) -> None:
    french = Language("fr", words=words_of([read_catalogue(each, "fr") for each in files_of("fr")]))
    async with (
        promotion_site(nats, database, language=french) as site,
        served(site.app) as address,
        person(tmp_path / "ana", address) as ana,
    ):
        number = await ana.signs_up()
        assert await ana.sees(H1) == "Votre numéro de membre"
        await ana.signs_out()
        await ana.signs_in(number, "une autre phrase")
        assert await ana.sees(ERROR) == "Le numéro ou la phrase de passe est faux."
        await ana.joins("ana", await site.invited("ana"))
        assert await ana.sees(H1) == "Codes de secours"
        await ana.opens("/acts")
        assert await ana.sees(H1) == "Actes qui demandent une raison"


async def with_a_device(somebody: Person) -> dict[str, Any]:
    """One that keeps passkeys, and is always unlocked."""
    await somebody.tab.call("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return await somebody.tab.call("WebAuthn.addVirtualAuthenticator", options=device)


async def test_what_one_signs_in_with_is_named_renewed_and_removed(
    site: PromotionSite, tmp_path: Path
) -> None:
    """Each new page, on a phone and a desk, by day and by night."""
    async with (
        served(site.app) as there,
        person(tmp_path / "ana", there.replace("127.0.0.1", "localhost")) as ana,
    ):
        await with_a_device(ana)
        word = await site.invited("ana")
        await ana.opens("/staff/join?who=ana")
        await ana.sends("/staff/join", word=word, fresh=GOOD, again=GOOD)
        await ana.looks_everywhere()
        box = "document.querySelector('#qr').getBoundingClientRect().width"
        assert await ana.sees(box) >= 200, "a camera can read it"
        seed = seed_from(await ana.sees("document.querySelector('#seed').innerText"))
        await ana.sends("/staff/code", code=code(seed))
        await ana.opens("/me/passkey")
        await ana.looks_everywhere()
        await ana.sends("/me/passkey", passphrase="another one")
        assert await ana.sees(INLINE) == "That is not the passphrase that you have now."
        await ana.sends("/me/passkey", passphrase=GOOD)
        assert await ana.sees(H1) == "What you sign in with"
        await ana.looks_everywhere()
        await ana.tab.act("document.querySelector('a[href$=name]').click()")
        await ana.looks_everywhere()
        await ana.sends("/name", called="")
        assert await ana.sees(ERROR) == "Type a word for it, in at most 60 characters."
        await ana.sends("/name", called="The old phone")
        assert await ana.sees("document.querySelector('h3').innerText") == "The old phone"
        await ana.tab.act("document.querySelector('a[href$=remove]').click()")
        await ana.looks_everywhere()
        await ana.sends("/remove")
        assert "It signs nobody in any more." in await ana.sees(MESSAGE)
        await ana.opens("/me/recovery")
        await ana.looks_everywhere()
        await ana.sends("/me/recovery", passphrase="another one")
        assert await ana.sees(ERROR) == "That is not the passphrase that you have now."
        await ana.sends("/me/recovery", passphrase=GOOD)
        assert await ana.sees("document.querySelectorAll('#recovery li').length") == 8
        assert not [line for line in ana.tab.console if "Content Security" in line]


async def test_a_passkey_of_the_device_signs_in(site: PromotionSite, tmp_path: Path) -> None:
    async with (
        served(site.app) as there,
        person(tmp_path / "ann", there.replace("127.0.0.1", "localhost")) as ann,
    ):
        tab = ann.tab
        made = await with_a_device(ann)
        await ann.signs_up()
        await ann.opens("/me/passkey")
        await ann.sends("/me/passkey", passphrase=GOOD)
        assert "This device signs you in from now on." in await ann.sees(MESSAGE)
        await ann.signs_out()
        await ann.opens("/passkey")
        await tab.act(SUBMIT.format("/passkey"))
        assert await ann.sees(LEDE) == "You have signed in as a member."
        await ann.signs_out()
        await tab.call("WebAuthn.clearCredentials", **made)
        await ann.opens("/passkey")
        await tab.evaluate(SUBMIT.format("/passkey"))
        await tab.until("!document.querySelector('[data-failed]').hidden")
        assert await ann.sees("document.querySelector('[data-failed]').innerText") == (
            "No passkey was shown."
        )
        assert [line for line in tab.console if "username fields" not in line] == []
