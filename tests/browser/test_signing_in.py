"""Signing up, in and out in a real browser: members, staff with codes, a provider, two persons."""

import json
from base64 import b32decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, Tab, browser
from looks import FOCUS, ORDER
from nats.aio.client import Client
from node_parts import axe, openid_provider
from promotion_site import PromotionSite, promotion_site
from served import served
from sqlalchemy import Engine
from test_page import STICKING_OUT, WEAK_CONTRAST

from services.promotion.signing.codes import code_at, step_of
from services.promotion.signing.provider import Provider
from shared.testing.servers import free_port
from shared.web.catalogues import files_of, read_catalogue, words_of
from shared.web.language import Language
from shared.web.sessions import utc_now

GOOD = "seven green lamps at night"
AXE = "axe.run().then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html))"
FILL = "document.querySelector('#{}').value = {}"
SUBMIT = "document.querySelector('form[action$=\"{}\"] button').click()"
H1 = "document.querySelector('h1').innerText"
LEDE = "document.querySelector('.lede')?.innerText"
ERROR = "document.querySelector('.errors li')?.innerText"
INLINE = "document.querySelector('#passphrase-error')?.innerText"
MESSAGE = "document.querySelector('.message')?.innerText"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")


@dataclass
class Person:
    """Somebody before a browser of their own; each page they see is looked at."""

    tab: Tab
    address: str
    axe: str

    async def opens(self, path: str) -> None:
        await self.tab.open(self.address + path)
        await self.looks()

    async def sends(self, form: str, **fields: str) -> None:
        for name, value in fields.items():
            await self.tab.evaluate(FILL.format(name, json.dumps(value)))
        await self.tab.act(SUBMIT.format(form))
        await self.looks()

    async def looks(self) -> None:
        page = await self.sees("location.pathname")
        await self.tab.evaluate(self.axe)
        assert await self.tab.evaluate(AXE) == [], page
        for query in (ORDER, FOCUS, WEAK_CONTRAST, STICKING_OUT):
            assert await self.tab.evaluate(query) == [], page

    async def looks_everywhere(self) -> None:
        for width in (1280, 390):
            for dark in (True, False):
                await self.tab.look_as(width, dark=dark)
                await self.looks()

    async def sees(self, expression: str) -> Any:
        return await self.tab.evaluate(expression)

    async def signs_up(self) -> str:
        await self.opens("/sign-up")
        await self.sends("/sign-up", fresh=GOOD, again=GOOD)
        return str(await self.sees("document.querySelector('#number').innerText"))

    async def signs_in(self, number: str, passphrase: str = GOOD) -> None:
        await self.opens("/sign-in")
        await self.sends("/sign-in", number=number, passphrase=passphrase)

    async def joins(self, who: str, word: str) -> bytes:
        """By an invitation; the seed, as the page shows it."""
        await self.opens(f"/staff/join?who={who}")
        await self.sends("/staff/join", word=word, fresh=GOOD, again=GOOD)
        seed = seed_from(await self.sees("document.querySelector('#seed').innerText"))
        await self.sends("/staff/code", code=code(seed, -1))
        return seed

    async def signs_out(self) -> None:
        await self.opens("/me")
        await self.sends("/sign-out")


def seed_from(shown: str) -> bytes:
    return b32decode(shown.replace(" ", ""))


def code(seed: bytes, steps: int = 0) -> str:
    return code_at(seed, step_of(utc_now()) + steps)


@asynccontextmanager
async def person(folder: Path, address: str) -> AsyncIterator[Person]:
    async with browser(folder) as tab:
        await tab.look_as(390)
        yield Person(tab, address, axe())


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
    number = await ann.signs_up()
    await ann.opens("/me")
    assert await ann.sees(LEDE) == "You have signed in as a member."
    await ann.sends("/sign-out")
    assert await ann.sees(MESSAGE) == "You have signed out."
    await ann.signs_in(number, "another passphrase")
    assert await ann.sees(ERROR) == "The number or the passphrase is wrong."
    assert await ann.sees("document.querySelector('#passphrase').value") == ""
    await ann.sends("/sign-in", passphrase=GOOD)
    assert await ann.sees(LEDE) == "You have signed in as a member."
    assert await ann.sees("document.cookie") == "", "scripts read no cookie of ours"


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
    seed = await ann.joins("ana", await site.invited("ana"))
    assert await ann.sees("document.querySelectorAll('#recovery li').length") == 8
    await ann.signs_out()
    await ann.opens("/staff/sign-in")
    await ann.sends("/staff/sign-in", who="ana", passphrase=GOOD, code="000000")
    assert await ann.sees(ERROR) == "The name, the passphrase or the code is wrong."
    await ann.sends("/staff/sign-in", passphrase=GOOD, code=code(seed))
    assert await ann.sees(LEDE) == "You have signed in as ana."


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
        await ana.opens("/acts/ask")
        await ana.sends("/acts/ask", kind="close-login", whom=number, reason="The key was lost")
        assert await ana.sees(MESSAGE) == "It waits for a second person."
        shown = "document.body.innerText.includes('Why: The key was lost')"
        for operator in (ana, ben):
            await operator.opens("/acts")
            while not await operator.sees(shown):
                await operator.opens("/acts")
        assert await ana.sees("document.querySelector('form[action$=allow]')") is None
        await ben.sends("/allow")
        assert await ben.sees(MESSAGE) == "It is done."
    await ann.opens("/me")
    while await ann.sees(H1) != "Sign in":
        await ann.opens("/me")
    await ann.sends("/sign-in", number=number, passphrase=GOOD)
    assert await ann.sees(ERROR) == "The number or the passphrase is wrong."


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
        await ana.sends("/staff/code", code=code(seed, -1))
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
