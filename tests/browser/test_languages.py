"""The site in other languages, in a real browser: French in Paris, and one that is read from the
right."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from chromium import Tab
from looks import FOCUS, ORDER, STICKING_OUT, WEAK_CONTRAST
from public_site import CHARTER, PublicSite, public_site
from sqlalchemy import Engine
from test_page import PAGES, SAYS_ALL, STORY

from shared.runtime.charter import Charter
from shared.runtime.charter_language import read_language
from shared.runtime.charter_models import Body
from shared.testing.examples import PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, varied

ARABIC = """
msgid "Places"
msgstr "الأماكن"

msgid "What people report, what is promised to them, and what is overdue."
msgstr "ما يبلغ عنه الناس، وما وُعدوا به، وما تأخر."

msgid "Owner: %(owner)s"
msgstr "المسؤول: %(owner)s"

msgid "%(time)s late"
msgstr "تأخير %(time)s"

msgid "due %(day)s, not done"
msgstr "الموعد %(day)s، لم يُنجز"

msgid "report"
msgid_plural "reports"
msgstr[0] "لا بلاغات"
msgstr[1] "بلاغ"
msgstr[2] "بلاغان"
msgstr[3] "بلاغات"
msgstr[4] "بلاغًا"
msgstr[5] "بلاغ"
"""
DUE = varied(
    PUBLIC_CHECK_OVERDUE, check="a" * 32, due_on=date(2030, 10, 10), task="Réparer le lampadaire"
)
NOW = datetime(2030, 10, 12, 22, 15, tzinfo=UTC)
OPENED = [varied(PUBLIC_CHECK_OPENED, check=each * 32) for each in "ab"]
STATE = 'document.querySelector("[data-live-state]").textContent'
BUTTON = 'document.querySelector("[data-live-pause]")'
TEXT = "document.body.innerText"
STICKING_OUT_LEFT = """
[...document.querySelectorAll("main *, header *, footer *")]
  .filter(element => !element.closest(".skip, .table"))
  .filter(element => element.getBoundingClientRect().left < -0.5)
  .map(element => element.outerHTML.slice(0, 80))
"""
LEFT_OF = 'document.querySelector("{}").getBoundingClientRect().left'
BY_LEFT = """
[...document.querySelectorAll(".board thead th")].filter(cell => cell.checkVisibility())
  .map(cell => cell.getBoundingClientRect().left)
"""


def charter(folder: Path, tag: str, zone: str) -> Charter:
    language, _ = read_language(folder, Body(name="x", language=tag, zone=zone))
    return replace(CHARTER, language=language)


@pytest.fixture
def spoken() -> tuple[str, str]:
    return "fr", "Europe/Paris"


@pytest.fixture
async def site(
    database: Engine, tmp_path: Path, spoken: tuple[str, str]
) -> AsyncIterator[PublicSite]:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "ar.po").write_text(ARABIC)
    async with public_site(database, charter=charter(tmp_path, *spoken)) as running:
        running.clock.jump(NOW)
        yield running


async def test_in_paris_a_due_date_has_its_day_wherever_the_reader_is(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(DUE)
    await tab.call("Emulation.setTimezoneOverride", timezoneId="America/New_York")
    for page in ("/", "/place/us.ma", "/overdue"):
        await tab.open(address + page)
        text = await tab.evaluate(TEXT)
        assert "échéance le 10 oct. 2030, pas fait" in text
        assert "État au 13 oct. 2030" in text
    assert await tab.evaluate("document.documentElement.lang") == "fr"


async def test_what_an_open_page_says_of_itself_is_french_too(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await tab.open(address)
    await tab.until(f'{STATE} === "En direct"')
    await site.hears(DUE)
    await tab.until(f'{TEXT}.includes("échéance le 10 oct. 2030")')
    await tab.evaluate(f"{BUTTON}.click()")
    await tab.until(f'{STATE} === "En pause" && {BUTTON}.textContent === "Reprendre"')
    await tab.evaluate(f"{BUTTON}.click()")
    await tab.until(f'{STATE} === "En direct" && {BUTTON}.textContent === "Pause"')
    site.connected = False
    await tab.until(f'{STATE} === "En attente de chiffres plus récents"')
    assert tab.console == []


@pytest.mark.parametrize("spoken", [("fr", "Europe/Paris"), ("ar", "Africa/Cairo")])
async def test_every_page_is_as_orderly_as_in_english(
    site: PublicSite, address: str, tab: Tab
) -> None:
    vars(site).update(SAYS_ALL)
    await site.hears(*STORY, *OPENED, DUE)
    for width in (320, 390, 1200):
        await tab.look_as(width)
        for page in PAGES:
            await tab.open(address + page)
            assert await tab.evaluate(STICKING_OUT) == [], (width, page)
            assert await tab.evaluate(STICKING_OUT_LEFT) == [], (width, page)
            assert await tab.evaluate("document.documentElement.scrollWidth") == width, page
            if width == 1200:
                assert await tab.evaluate(ORDER) == [], page
                assert await tab.evaluate(FOCUS) == [], page
                assert await tab.evaluate(WEAK_CONTRAST) == [], page


@pytest.mark.parametrize("spoken", [("ar", "Africa/Cairo")])
async def test_what_is_read_from_the_right_stands_on_the_right(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY, DUE)
    await tab.look_as(1200)
    await tab.open(address)
    assert await tab.evaluate("document.documentElement.dir") == "rtl"
    assert await tab.evaluate(LEFT_OF.format(".masthead .name")) > 600
    assert await tab.evaluate(LEFT_OF.format(".masthead nav")) < 600
    columns = await tab.evaluate(BY_LEFT)
    assert columns == sorted(columns, reverse=True)
    align = "getComputedStyle(document.querySelector('{}')).textAlign"
    assert await tab.evaluate(align.format(".board tbody th")) == "start"
    assert "بلاغان" in await tab.evaluate(TEXT)
    assert "الموعد 10 أكتوبر 2030، لم يُنجز" in await tab.evaluate(TEXT)
    code = await tab.evaluate("getComputedStyle(document.querySelector('main code')).direction")
    assert code == "ltr"  # M-7f3a-91c2 would be told backwards
