"""The public pages in a real browser: on a phone, live, without scripts, by keyboard, readable."""

from typing import Any

import pytest
from chromium import Tab
from looks import SMALLEST_TEXT, STICKING_OUT, WEAK_CONTRAST
from public_site import CHARTER, PublicSite, another_report

from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    varied,
)

FENWAY = "us.ma.boston.fenway"
WIDE_TEXT = "W" * 300
STORY: list[Event] = [
    PUBLIC_REPORT_FILED,
    PUBLIC_REPORT_CONFIRMED,
    varied(PUBLIC_REPORT_FILED, report="f" * 32, place=FENWAY),
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    varied(PUBLIC_CHECK_OVERDUE, check="f" * 32, place=FENWAY, owner=WIDE_TEXT, task=WIDE_TEXT),
    PUBLIC_MEMBER_QUALIFIED,
]
PAGES = [
    "/",
    "/place/us.ma",
    f"/place/{FENWAY}",
    "/overdue",
    "/qualified",
    "/nothing",
    "/preferences",
    "/data",
    "/api",
]

LIVE = 'document.querySelector("[data-live-state]").textContent === "Live"'
REPORTS = 'document.querySelector("#figures strong").textContent'


SAYS_ALL = {"goal": 58_251, "releasing": (57_000, 58_251), "connected": False}
SAYS_NOTHING = {"goal": 0, "releasing": None, "connected": True}


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
@pytest.mark.parametrize("said", [SAYS_NOTHING, SAYS_ALL])
async def test_nothing_sticks_out_sideways(
    site: PublicSite, address: str, tab: Tab, width: int, said: dict[str, Any]
) -> None:
    vars(site).update(said)
    await site.hears(*STORY)
    await tab.look_as(width)
    for page in PAGES:
        await tab.open(address + page)
        assert await tab.evaluate(STICKING_OUT) == [], page
        assert await tab.evaluate("document.documentElement.scrollWidth") == width, page
        assert await tab.evaluate(SMALLEST_TEXT) >= 16, page


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("said", [SAYS_NOTHING, SAYS_ALL])
async def test_every_text_stands_out_from_its_ground(
    site: PublicSite, address: str, tab: Tab, said: dict[str, Any], *, dark: bool
) -> None:
    vars(site).update(said)
    await site.hears(*STORY)
    await tab.look_as(1200, dark=dark)
    for page in PAGES:
        await tab.open(address + page)
        assert await tab.evaluate(WEAK_CONTRAST) == [], page


async def test_the_page_follows_what_happens(site: PublicSite, address: str, tab: Tab) -> None:
    await tab.look_as(390)
    await tab.open(address)
    await tab.until(LIVE)
    await tab.evaluate("window.notLoadedAgain = true")
    await site.hears(PUBLIC_REPORT_FILED)
    await tab.until(f'document.querySelector("#figures") && {REPORTS} === "1"')
    await site.hears(*STORY)
    await tab.until('document.body.innerText.includes("Mend the lamp")')
    assert await tab.evaluate("window.notLoadedAgain")


async def test_focus_stays_where_it_is_when_the_page_changes(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY)
    await tab.open(address)
    await tab.until(LIVE)
    await tab.evaluate(
        f"""document.querySelector('#places-part [href="/place/{FENWAY}"]').focus()"""
    )
    await site.hears(another_report(place=FENWAY))
    await tab.until(f'{REPORTS} === "3"')
    assert await tab.evaluate("document.activeElement.getAttribute('href')") == f"/place/{FENWAY}"


async def test_a_paused_page_stays_and_catches_up_afterwards(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await tab.open(address)
    await tab.until(LIVE)
    await tab.evaluate('document.querySelector("[data-live-pause]").click()')
    await tab.until('document.querySelector("[data-live-state]").textContent === "Paused"')
    await site.hears(PUBLIC_REPORT_FILED)
    assert await tab.evaluate(REPORTS) == "0"
    await tab.evaluate('document.querySelector("[data-live-pause]").click()')
    await tab.until(f'{REPORTS} === "1"')


async def test_the_page_tells_when_the_site_is_away(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await tab.open(address)
    await tab.until(LIVE)
    site.stop()
    await tab.until(
        'document.querySelector("[data-live-state]").textContent.startsWith("No connection")'
    )


async def test_without_scripts_the_page_is_complete(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY)
    await tab.look_as(390, scripts=False)
    await tab.open(address)
    page = await tab.evaluate("document.body.innerText")
    for words in (CHARTER.name, CHARTER.notice, "Roxbury", "Mend the lamp", "33 days late"):
        assert words in page
    assert "Pause" not in page


async def test_nothing_comes_from_elsewhere_and_nothing_is_refused(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY)
    await tab.open(address)
    await tab.until(LIVE)
    names = {request.removeprefix(address).rsplit("/", 1)[-1] for request in tab.requests}
    assert {"", "site.css", "live.js", "live"} <= names
    assert [request for request in tab.requests if not request.startswith(address)] == []
    assert tab.console == []


async def test_the_first_key_leads_past_the_header(address: str, tab: Tab) -> None:
    await tab.open(address)
    for kind in ("keyDown", "keyUp"):
        await tab.call("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
    assert await tab.evaluate("document.activeElement.getAttribute('href')") == "#main"
