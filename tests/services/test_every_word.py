"""Every word that a reader sees comes from a catalogue, and a language is added by one file."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from made_up import charter_in
from public_site import BASE, PublicSite, public_site
from sqlalchemy import Engine
from starlette.routing import Route
from structlog.testing import capture_logs

from services.publishing.projections import board
from services.publishing.site.progress import Kind, Progress
from shared.contracts.reckoning import DayOff
from shared.runtime.http import public_app
from shared.runtime.settings import PROJECT, Settings
from shared.runtime.waiting_room import _not_yet
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    RECKONING,
    varied,
)
from shared.web.answers import SaidError
from shared.web.catalogue_check import TEMPLATE
from shared.web.catalogues import key_of, messages, read_catalogue
from shared.web.condition import Condition
from shared.web.frame import Frame, House

TASK = {"owner": "მერია", "task": "ნათურა"}
REASONED = varied(RECKONING, off=(DayOff(day=date(2030, 1, 10), why="დღე"),))
LATE = varied(PUBLIC_CHECK_OVERDUE, **TASK)
STORY = (
    varied(PUBLIC_REPORT_FILED, place="us.ma", report="f" * 32),
    PUBLIC_REPORT_FILED,
    PUBLIC_REPORT_CONFIRMED,
    varied(PUBLIC_CHECK_OPENED, owner="მერია"),
    varied(LATE, check="f" * 32),
    varied(LATE, check="e" * 32),
    varied(
        PUBLIC_DONE_CLAIMED, check="e" * 32, owner="მერია", done_on=date(2030, 2, 16), late=True
    ),
    varied(PUBLIC_CHECK_OPENED, check="d" * 32, owner="მერია", reckoning=REASONED),
    varied(PUBLIC_DONE_CLAIMED, check="c" * 32, owner="მერია", late=False),
    varied(LATE, check="b" * 32),
    varied(PUBLIC_WITHDRAWN, id="b" * 32, reason="მიზეზი"),
    varied(LATE, check="a" * 32),
    varied(PUBLIC_OVERDUE_WITHDRAWN, check="a" * 32, owner="მერია"),
    varied(PUBLIC_MEMBER_QUALIFIED, track="gamma", refuted_share=0.001),
)
PAGES = (
    "/",
    "/place/us.ma",
    "/place/us.ma.boston.roxbury",
    "/overdue",
    "/qualified?place=us.ma",
    "/owners",
    "/patterns",
    "/data",
)
IN_ANY = re.compile(r"\bUTC\b|M-[0-9a-f]{4}-[0-9a-f]{4}|https?://\S+|\bgamma\b")
"""What is the same in every language; a track without a title is shown by its name."""
DATA = ("}id", "}updated", "}published")
ATTRIBUTES = ("title", "aria-label", "content", "alt")
FOR_PROGRAMS = {
    *(("name", each) for each in ("viewport", "color-scheme")),
    *(("property", each) for each in ("og:type", "og:locale")),
}


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        if not FOR_PROGRAMS & {*attrs}:
            self.found += [
                value or "" for name, value in attrs if name in ATTRIBUTES or "says" in name
            ]

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """What a script has for programs says what the page says."""
        if not {"code", "script"} & {*self._within}:
            self.found.append(data)


def english(page: str) -> list[str]:
    """What is left of it."""
    parser = _Texts()
    parser.feed(page)
    return [text for text in parser.found if re.search("[A-Za-z]", IN_ANY.sub("", text))]


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[PublicSite]:
    async with public_site(database, charter=charter_in(tmp_path)) as running:
        yield running


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"goal": None},
        {"goal": 1_000},
        {"goal": 1_000, "releasing": (1, 1_000)},
        {"connected": False},
        {"gate_answers": False},
        {"releasing": Progress(Kind.UNHEARD)},
    ],
    ids=("good", "starting", "reading", "releasing", "away", "without the gate", "never heard"),
)
async def test_no_page_has_a_word_beside_the_catalogue(
    site: PublicSite, client: httpx.AsyncClient, said: dict[str, Any]
) -> None:
    vars(site).update(said)
    for page in PAGES:
        assert english((await client.get(page)).text) == [], page
    await site.hears(*STORY)
    checks = [f"/checks/{each * 32}" for each in "abcdef"]
    for page in (*PAGES, *checks, "/overdue?before=6", "/overdue?before=1"):
        answer = await client.get(page)
        assert answer.status_code == 200
        assert english(answer.text) == [], page
        assert '<html lang="ka" dir="ltr">' in answer.text


async def test_no_error_has_a_word_beside_it(site: PublicSite, client: httpx.AsyncClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answers = {
        404: await client.get("/nothing"),
        405: await client.delete("/preferences"),
        413: await client.post("/preferences", content=b"x" * 70_000, headers=form),
        415: await client.post("/preferences", content=b"x"),
        403: await client.post("/preferences", content=b"x=1", headers=form),
        400: await client.get("/overdue?before=1&before=2"),
    }
    site.goal = 9
    answers[503] = await client.get("/feed/overdue.atom")
    board.read_model.counts_table.drop(site.engine)
    with capture_logs():  # to lay a trace out with all values in it takes ten seconds
        answers[500] = await client.get("/")
    for status, answer in answers.items():
        assert (answer.status_code, english(answer.text)) == (status, [])
    board.read_model.counts_table.create(site.engine)


def test_whatever_can_be_said_instead_of_a_page_stands_in_the_catalogues() -> None:
    asked = {text for _, text in map(key_of, messages(read_catalogue(TEMPLATE)))}
    errors = [kind() for kind in SaidError.__subclasses__()]
    assert len(errors) > 4
    assert {text for each in errors for text in (each.title, each.detail)} <= asked


async def test_the_database_away_is_told_without_a_word_beside_it(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await client.get("/")
    site.source.away = True
    for page, status in (("/", 200), ("/overdue", 503)):
        answer = await client.get(page)
        assert (answer.status_code, english(answer.text)) == (status, []), page


async def test_no_form_has_a_word_beside_it(site: PublicSite, client: httpx.AsyncClient) -> None:
    asked = await client.get("/preferences")
    assert english(asked.text) == []
    token = re.search('name="token" value="([^"]+)"', asked.text)
    assert token is not None
    wrong = await client.post("/preferences", data={"token": token[1], "rows": "7"})
    assert (wrong.status_code, english(wrong.text)) == (422, [])
    taken = await client.post("/preferences", data={"token": token[1], "rows": "25"})
    page = await client.get(taken.headers["location"])
    assert '<div class="message"' in page.text
    assert english(page.text) == []
    assert site.connected


async def test_no_feed_has_a_word_beside_it(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(*STORY)
    for kind in ("overdue", "qualified", "bulletins"):
        feed = ET.fromstring((await client.get(f"/feed/{kind}.atom")).content)  # noqa: S314
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ka"
        texts = [each.text or "" for each in feed.iter() if not each.tag.endswith(DATA)]
        texts += [each.get("label", "") for each in feed.iter()]
        assert [each for each in texts if re.search("[A-Za-z]", IN_ANY.sub("", each))] == []


async def test_the_page_for_programs_says_in_english_only_what_programs_read(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    page = await client.get("/api")
    document = (await client.get("/openapi.json")).json()
    names = set(re.findall("[A-Za-z]+", json.dumps(_without_words(document))))
    names |= {word for status in HTTPStatus for word in status.phrase.split()}
    for text in english(page.text):
        assert set(re.findall("[A-Za-z]+", text)) <= names, text
    assert "Whether the process lives" in json.dumps(document)
    assert "Whether the process lives" not in page.text
    assert site.connected


def _without_words(document: Any) -> Any:
    if isinstance(document, dict):
        said = ("summary", "description", "title", "type", "info", "tags")
        return {
            name: _without_words(each)
            for name, each in document.items()
            if name not in said or not isinstance(each, str | list)
        }
    return [_without_words(each) for each in document] if isinstance(document, list) else document


async def test_what_programs_are_told_stays_english(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    told = (await client.get("/api/figures", params={"place": "xx"})).json()
    assert told["title"] == "Not Found"
    assert told["detail"] == "There is no such place in the register."
    assert site.connected


@pytest.mark.parametrize("service", ["intake", "promotion"])
async def test_no_service_has_a_word_beside_it(tmp_path: Path, service: str) -> None:
    charter = charter_in(tmp_path)
    sites = Settings(_env_file=None).sites_for(service)
    frame = Frame(House(charter.name), service, sites, language=charter.language)
    frame.take_in(PROJECT / "services" / service / "site")
    for condition in (Condition(), Condition(["why"], ["a loop"])):
        page = frame.rendered("front.html", condition=condition)
        assert english(page) == []
        assert "tribune status" in page or condition.ready
    app = public_app(frame, [Route("/", _not_yet)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        answer = await client.get("/")
    assert (answer.status_code, english(answer.text)) == (503, [])
