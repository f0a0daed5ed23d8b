"""Fills in forms as somebody before a page does."""

import asyncio
import re
from html import unescape

import httpx
from promotion_site import PromotionSite

from services.promotion.signing.codes import code_at, step_of
from shared.web.now import utc_now

GOOD = "seven green lamps at night"
OTHER = "nine red boats in the morning"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
TEXT = re.compile(r'<input id="(\w+)" name="\w+" type="(?:text|password)" value="([^"]*)"')


async def filled(
    visitor: httpx.AsyncClient, page: str, to: str | None = None, **fields: str
) -> httpx.Response:
    """Opens the page, and sends its form back with these fields."""
    return await sent(visitor, await visitor.get(page), to or page.partition("?")[0], **fields)


async def sent(
    visitor: httpx.AsyncClient, page: httpx.Response, to: str, **fields: str
) -> httpx.Response:
    there = dict(HIDDEN.findall(page.text)) | dict(TEXT.findall(page.text))
    given = {name: unescape(value) for name, value in there.items()} | fields
    return await visitor.post(to, data=given)


async def signed_up(visitor: httpx.AsyncClient, passphrase: str = GOOD) -> str:
    page = await filled(visitor, "/sign-up", fresh=passphrase, again=passphrase)
    found = re.search(r'id="number">([\d ]+)<', page.text)
    assert found, page.text
    return found[1]


async def signed_in(
    visitor: httpx.AsyncClient, number: str, passphrase: str = GOOD, page: str = "/sign-in"
) -> httpx.Response:
    return await filled(visitor, page, number=number, passphrase=passphrase)


async def signed_out(visitor: httpx.AsyncClient, to: str = "/sign-out") -> httpx.Response:
    return await filled(visitor, "/me", to)


async def is_in(visitor: httpx.AsyncClient) -> bool:
    return (await visitor.get("/me", follow_redirects=False)).status_code == 200


def code_of(seed: bytes, steps: int = 0) -> str:
    """Of now, or of a step later, so that it is good on both sides of a half minute's end."""
    return code_at(seed, step_of(utc_now()) + steps)


async def joined(
    site: PromotionSite, visitor: httpx.AsyncClient, who: str
) -> tuple[bytes, list[str]]:
    """The seed and the recovery codes of somebody of the staff who was invited."""
    word = await site.invited(who)
    page = await filled(
        visitor, f"/staff/join?who={who}", "/staff/join", word=word, fresh=GOOD, again=GOOD
    )
    fields = dict(HIDDEN.findall(page.text))
    seed = await site.desk.invitations.seed_of(who, word, unescape(fields["sealed"]))
    page = await sent(visitor, page, "/staff/code", code=code_of(seed))
    return seed, re.findall(r"<code>([\w-]+)</code>", page.text)


async def accepted(
    site: PromotionSite, visitor: httpx.AsyncClient, who: str, word: str
) -> httpx.Response:
    """An invitation, as by somebody who had joined before."""
    page = await filled(
        visitor, f"/staff/join?who={who}", "/staff/join", word=word, fresh=OTHER, again=OTHER
    )
    sealed = unescape(dict(HIDDEN.findall(page.text))["sealed"])
    seed = await site.desk.invitations.seed_of(who, word, sealed)
    return await sent(visitor, page, "/staff/code", code=code_of(seed))


async def staff_signed_in(
    visitor: httpx.AsyncClient, who: str, code: str, passphrase: str = GOOD
) -> httpx.Response:
    return await filled(visitor, "/staff/sign-in", who=who, passphrase=passphrase, code=code)


async def until_shown(visitor: httpx.AsyncClient, page: str, text: str) -> str:
    async with asyncio.timeout(10):
        while True:
            shown = (await visitor.get(page)).text
            if text in shown:
                return shown
            await asyncio.sleep(0.01)


async def until_out(visitor: httpx.AsyncClient) -> None:
    """What was allowed is done by a reaction, and heard of from the log."""
    async with asyncio.timeout(10):
        while await is_in(visitor):
            await asyncio.sleep(0.01)
