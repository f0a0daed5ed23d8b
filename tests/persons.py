"""People before browsers of their own who sign in; each page that they see is looked at."""

import json
from base64 import b32decode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chromium import Tab, browser
from looks import FOCUS, ORDER, STICKING_OUT, WEAK_CONTRAST
from node_parts import axe

from services.promotion.signing.codes import code_at, step_of
from shared.web.now import utc_now

GOOD = "seven green lamps at night"
AXE = "axe.run().then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html))"
FILL = "document.querySelector('#{}').value = {}"
SUBMIT = "document.querySelector('form[action$=\"{}\"] button').click()"
H1 = "document.querySelector('h1').innerText"
LEDE = "document.querySelector('.lede')?.innerText"
ERROR = "document.querySelector('.errors li')?.innerText"
INLINE = "document.querySelector('#passphrase-error')?.innerText"
MESSAGE = "document.querySelector('.message')?.innerText"


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
            found = await self.tab.evaluate(query)
            assert found == [], (page, found)

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
        await self.sends("/staff/code", code=code(seed))
        return seed

    async def signs_out(self) -> None:
        await self.opens("/me")
        await self.sends("/sign-out")


def seed_from(shown: str) -> bytes:
    return b32decode(shown.replace(" ", ""))


def code(seed: bytes, steps: int = 0) -> str:
    """Of now, or of a step later, so that it is good on both sides of a half minute's end."""
    return code_at(seed, step_of(utc_now()) + steps)


@asynccontextmanager
async def person(folder: Path, address: str, flags: Iterable[str] = ()) -> AsyncIterator[Person]:
    async with browser(folder, flags) as tab:
        await tab.look_as(390)
        yield Person(tab, address, axe())


async def signs_up_out_and_in(ann: Person) -> str:
    """A member; her number."""
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
    return number


async def joins_and_signs_in_with_a_code(ana: Person, word: str) -> None:
    """One of the staff, by an invitation."""
    seed = await ana.joins("ana", word)
    assert await ana.sees("document.querySelectorAll('#recovery li').length") == 8
    await ana.signs_out()
    await ana.opens("/staff/sign-in")
    await ana.sends("/staff/sign-in", who="ana", passphrase=GOOD, code="000000")
    assert await ana.sees(ERROR) == "The name, the passphrase or the code is wrong."
    await ana.sends("/staff/sign-in", passphrase=GOOD, code=code(seed, 1))
    assert await ana.sees(LEDE) == "You have signed in as ana."


async def close_a_login(ana: Person, ben: Person, number: str) -> None:
    """Both have signed in; one asks for it, the other allows it."""
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


async def is_shut_out(ann: Person, number: str) -> None:
    """Whose login was closed."""
    await ann.opens("/me")
    while await ann.sees(H1) != "Sign in":
        await ann.opens("/me")
    await ann.sends("/sign-in", number=number, passphrase=GOOD)
    assert await ann.sees(ERROR) == "The number or the passphrase is wrong."
