"""From the inbox to page and feed: what might do harm is refused with a reason, or inert."""

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from hostile import BODIES, REFUSED, TAKEN
from public_site import PublicSite

from shared.eventsourcing.inbox.parse import RefusalError, parse
from shared.testing.examples import MONDAY, PUBLIC_CHECK_OVERDUE, varied

ATTRIBUTES = {
    "ce-specversion": "1.0",
    "ce-id": "a-1",
    "ce-source": "https://311.example",
    "ce-type": "commitment.made",
    "content-type": "application/json",
}
ATOM = "{http://www.w3.org/2005/Atom}"


def taken_in(body: bytes) -> Any:
    return parse("boston", "commitment.made", ATTRIBUTES, body).data


def commitment(text: str) -> bytes:
    body = {
        "commitment": "1",
        "owner": text,
        "task": text,
        "place": "us.ma.boston.roxbury",
        "sector": "street-lights",
        "made_at": MONDAY.isoformat(),
        "due_at": MONDAY.isoformat(),
        "confidential": False,
    }
    return json.dumps(body).encode()


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_text_that_hides_or_steers_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(RefusalError) as refused:
        taken_in(commitment(text))
    said = repr(refused.value.problem)
    assert len(text.strip()) < 5 or text not in said
    assert len(said) < 2_000


def test_the_reason_names_what_is_piled_up() -> None:
    with pytest.raises(RefusalError) as refused:
        taken_in(commitment(REFUSED["296 accents"]))
    first = refused.value.problem.errors[0]
    assert first.pointer == "/owner"
    assert first.detail.startswith("must not have more than 8 accents or other combining marks")


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_none_is_refused_at_once(body: bytes) -> None:
    with pytest.raises(RefusalError) as refused:
        taken_in(body)
    assert len(repr(refused.value.problem)) < 10_000


DESCRIBED = '<script type="application/ld+json">'


class Elements(HTMLParser):
    """What a page consists of, and all its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.comments: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


async def shown(site: PublicSite, text: str) -> tuple[httpx.Response, ...]:
    await site.hears(varied(PUBLIC_CHECK_OVERDUE, owner=text, task=text))
    async with site.client() as client:
        front, listed = await client.get("/"), await client.get("/overdue")
        return front, listed, await client.get("/feed/overdue.atom")


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
async def test_a_text_that_is_taken_is_a_text_on_page_and_feed(site: PublicSite, text: str) -> None:
    assert taken_in(commitment(text)).owner == text
    *pages, feed = await shown(site, text)
    for page in pages:
        assert page.status_code == 200
        found = Elements(page.text)
        assert text in found.text
        assert found.comments == []
        names = {tag for tag, _ in found.tags}
        assert not names & {"img", "base", "iframe", "style", "b", "i"}
        ours = page.text.count("/live.js") + page.text.count(DESCRIBED)
        assert [tag for tag, _ in found.tags].count("script") == ours
        assert page.text.count(DESCRIBED) <= 1, "what a page is about runs nothing"
        assert not any(name.startswith("on") for _, names in found.tags for name in names)
        assert not any(re.match("(?i)javascript|//", value) for value in found.values)
    entries = ET.fromstring(feed.content).findall(f"{ATOM}entry")  # noqa: S314  our own
    assert len(entries) == 1
    title = entries[0].findtext(f"{ATOM}title") or ""
    assert text in title or not text.isprintable()
