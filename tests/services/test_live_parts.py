"""What an open page fetches when it is told of a change: its parts, as the page has them."""

import asyncio
import gzip
import re

import httpx
import pytest
from public_site import PublicSite, another_report

from services.publishing.site.pages import Pages
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_REPORT_FILED,
)
from shared.web.answers import Kept

IDS = {
    "standing",
    "standing-progress",
    "as-of",
    "figures",
    "places-part",
    "overdue-part",
    "qualified-part",
}
LIVE_PAGES = {
    "/": "/live/front",
    "/place/us.ma": "/live/place/us.ma",
    "/place/us.ma.boston.roxbury": "/live/place/us.ma.boston.roxbury",
    "/place/us.ma.salem": "/live/place/us.ma.salem",
}
STORY = (
    PUBLIC_REPORT_FILED,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
)
STATES = {
    "nothing yet": {},
    "not the whole": {"goal": 58_251, "releasing": (57_000, 58_251)},
    "no log": {"connected": False},
}


def parts_of(html: str) -> dict[str, str]:
    """Of each element with `data-part` its whole text, by id; elements are counted, for a part may
    hold others of its own name."""
    found = {}
    for begin in re.finditer(r"<(\w+)( [^>]*)? data-part>", html):
        name, depth = begin[1], 0
        for tag in re.finditer(rf"<(/?){name}\b[^>]*>", html[begin.start() :]):
            depth += -1 if tag[1] else 1
            if not depth:
                element = html[begin.start() : begin.start() + tag.end()]
                found[re.search(r'id="([^"]+)"', element)[1]] = element  # type: ignore[index]
                break
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("told", [(), STORY])
async def test_the_parts_are_those_of_the_page(
    site: PublicSite, client: httpx.AsyncClient, state: str, told: tuple[object, ...]
) -> None:
    if told:
        await site.hears(*STORY)
    vars(site).update(STATES[state])
    site.live.stir()
    await site.looks_again()
    for path, live in LIVE_PAGES.items():
        page, parts = await client.get(path), await client.get(live)
        assert parts.status_code == page.status_code == 200
        assert f'data-live-parts="{live}"' in page.text
        wanted = parts_of(page.text)
        own = "stories-part" if path == "/" else "questions-part"
        assert wanted.keys() == IDS | {own}
        assert parts_of(parts.text) == wanted
        assert "".join(parts.text.split()) == "".join("".join(wanted.values()).split())
        assert "<!--" not in page.text + parts.text


async def test_a_place_that_is_not_in_the_register_has_no_parts(client: httpx.AsyncClient) -> None:
    assert (await client.get("/live/place/us.nowhere")).status_code == 404


async def test_who_has_them_already_gets_nothing(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    first = await client.get("/live/front")
    assert first.headers["cache-control"] == "no-cache"
    tag = {"If-None-Match": first.headers["etag"]}
    again = await client.get("/live/front", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    await site.hears(another_report())
    changed = await client.get("/live/front", headers=tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_a_position_is_rendered_and_packed_once_however_many_come(
    site: PublicSite, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered, packed = [], []
    front, compress = Pages.front, gzip.compress

    def counted_front(pages: Pages) -> object:
        rendered.append(1)
        return front(pages)

    def counted(body: bytes, mtime: int) -> bytes:
        packed.append(len(body))
        return compress(body, mtime=mtime)

    await site.hears(*STORY)
    monkeypatch.setattr(Pages, "front", counted_front)
    monkeypatch.setattr("shared.web.answers.gzip.compress", counted)
    asked = ["/live/front", "/"] * 50
    answers = await asyncio.gather(*[client.get(path) for path in asked])
    assert {answer.status_code for answer in answers} == {200}
    assert len(rendered) == 1
    assert len(packed) == 2, "the page once, and its parts once"
    await site.hears(another_report())
    await asyncio.gather(*[client.get(path) for path in asked])
    assert (len(rendered), len(packed)) == (2, 4)


async def test_a_page_that_is_not_the_whole_is_finished_once_for_all(
    site: PublicSite, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is when most pages change most often: while it catches up."""
    site.goal = 58_251
    packed: list[int] = []

    def counted(body: bytes) -> Kept:
        packed.append(len(body))
        return Kept(body)

    monkeypatch.setattr("services.publishing.site.handing.Kept", counted)
    for _ in range(20):
        assert (await client.get("/")).headers["cache-control"] == "no-store"
        assert "etag" in (await client.get("/live/front")).headers
    assert len(packed) <= 4, "and once more where the watch has told of it meanwhile"


async def test_a_message_waits_for_the_next_page_and_not_for_the_parts_of_an_open_one(
    client: httpx.AsyncClient,
) -> None:
    form = (await client.get("/preferences")).text
    fields = dict(re.findall(r'name="(token|back)" value="([^"]*)"', form))
    answer = await client.post("/preferences", data=fields | {"rows": "25"})
    assert answer.status_code == 303
    said = "Lists now have 25 rows on a page"
    assert said not in (await client.get("/live/front")).text
    assert said in (await client.get("/")).text
