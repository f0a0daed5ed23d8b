"""What editors and readers do at the site of a house: forms sent, pages waited for."""

import asyncio
import re
from collections.abc import Callable
from html import unescape

import httpx
from house import House

SITE = ("publishing", "public")
WITHIN_S = 60.0
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


async def page(home: House, path: str, who: str = "nobody") -> str:
    answer = await home.ask(SITE, "GET", path, home.token_of(who))
    assert answer.status_code == 200, (path, answer.status_code, answer.text[-600:])
    return answer.text


async def until(home: House, path: str, is_so: Callable[[str], bool], who: str = "nobody") -> str:
    async with asyncio.timeout(WITHIN_S):
        while True:
            answer = await home.ask(SITE, "GET", path, home.token_of(who))
            if answer.status_code == 200 and is_so(answer.text):
                return answer.text
            await asyncio.sleep(0.05)


async def sends(home: House, who: str, path: str, **fields: str) -> httpx.Response:
    """What the form of a page has, with these fields, from a browser of theirs."""
    form = await page(home, path, who)
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    token = home.token_of(who)
    return await home.ask(SITE, "POST", path.partition("?")[0], token, data=hidden | fields)


async def proposed(home: House, report: str) -> str:
    answer = await sends(home, "eva", f"/newsroom/propose?sources={report}", sources=report)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("127.0.0.1:8000")[2] or answer.headers["Location"]


async def writes(home: House, story: str, title: str, text: str, who: str = "eva") -> None:
    fields = {"title": title, "text": text, "tongue": "en"}
    answer = await sends(home, who, f"{story}/text", **fields)
    assert answer.status_code == 303, answer.text


def address_in(listed: str) -> str:
    return listed.split("/stories/")[1][:32]
