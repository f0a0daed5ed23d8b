"""An issue in a real browser: on a phone, at a desk, in the dark, on A4 and on a wall sheet."""

import re
from base64 import b64decode
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chromium import CHROMIUM
from looks import STICKING_OUT
from persons import Person, person
from public_site import public_site
from served import served
from sqlalchemy import Engine

from services.publishing.newsroom.words import Words
from shared.testing.examples import (
    ITEM,
    PUBLIC_BULLETIN_ISSUED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_STORY_PUBLISHED,
    varied,
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

LONG = "Word" * 40
TEXT = Words(
    "6b" * 16,
    "5a" * 16,
    f"A lamp {LONG}",
    f"# Unlit\n\n{LONG} **is** unlit.",
    "0",
    datetime(2030, 1, 17, tzinfo=UTC),
)
STORY = varied(PUBLIC_STORY_PUBLISHED, digest=TEXT.digest)
CHECK = ITEM.model_copy(
    update={
        "kind": "check",
        "id": PUBLIC_CHECK_OVERDUE.check,
        "news": "overdue",
        "words": None,
        "digest": None,
        "region": "us.ma.boston.downtown",
    }
)
GONE = CHECK.model_copy(update={"id": "9" * 32})
ITEMS = (CHECK, ITEM.model_copy(update={"id": STORY.story, "digest": TEXT.digest}), GONE)
ISSUE = varied(PUBLIC_BULLETIN_ISSUED, items=ITEMS, reason="Nobody else was heard")
A4, A2 = (595, 842), (1191, 1684)
"""In points, a seventy-second of an inch each."""
MM = 96 / 25.4
"""Pixels of CSS; what a sheet has less of is its margins."""
COLUMNS = "getComputedStyle(document.querySelector('.bulletin')).columnCount"


def told(ids: Collection[str]) -> dict[str, Words]:
    return {TEXT.words_id: TEXT} if TEXT.words_id in ids else {}


@asynccontextmanager
async def looking(database: Engine, folder: Path) -> AsyncIterator[Person]:
    async with (
        public_site(database, told=told) as site,
        served(site.app) as address,
        person(folder, address) as one,
    ):
        await site.hears(STORY, PUBLIC_CHECK_OVERDUE, ISSUE)
        yield one


async def test_an_issue_is_orderly_for_every_reader(database: Engine, tmp_path: Path) -> None:
    async with looking(database, tmp_path) as one:
        for path in ("/bulletins/1", "/bulletins", "/bulletins/share"):
            await one.opens(path)
            await one.looks_everywhere()
        await one.tab.look_as(390)
        await one.opens("/bulletins/1")
        await one.sees("document.querySelector('.why summary').click()")
        await one.looks()
        assert "Local weight" in await one.sees("document.querySelector('.why').innerText")


async def test_it_prints_on_a_sheet_and_on_a_wall(database: Engine, tmp_path: Path) -> None:
    async with looking(database, tmp_path) as one:
        await one.opens("/bulletins/1")
        for size, columns in ((A4, "2"), (A2, "3")):
            wide, high = (points / 72 for points in size)
            paper = {"paperWidth": wide, "paperHeight": high}
            printed = await one.tab.call("Page.printToPDF", preferCSSPageSize=True, **paper)
            boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", b64decode(printed["data"]))
            assert {(round(float(x)), round(float(y))) for x, y in boxes} == {size}
            await one.tab.look_as(round((wide * 25.4 - 32) * MM))
            await one.tab.call("Emulation.setEmulatedMedia", media="print")
            for hidden in ("nav", ".why", "footer", ".onward"):
                shown = f"document.querySelector('{hidden}').checkVisibility()"
                assert not await one.sees(shown), hidden
            assert await one.sees("document.querySelector('.old').checkVisibility()"), "why"
            assert await one.sees(COLUMNS) == columns
            assert await one.sees(STICKING_OUT) == []
