"""What the web frame gives to all pages, in a real browser: forms, messages, order, focus."""

from pathlib import Path

import pytest
from chromium import CHROMIUM, Tab, browser
from looks import FOCUS, ORDER, STICKING_OUT, WEAK_CONTRAST
from public_site import PublicSite
from test_page import PAGES, STORY

from shared.testing.examples import PUBLIC_CHECK_OVERDUE, varied

CHECKS = [varied(PUBLIC_CHECK_OVERDUE, check=f"{n:032}") for n in range(60)]
SHOWN = 'document.querySelectorAll("main .entries li").length'
MESSAGE = 'document.querySelector(".message")?.innerText'
CHOOSE = 'document.querySelector("#rows").value = "{}"'
SUBMIT = 'document.querySelector("button.submit").click()'
MAKE_WRONG = 'document.querySelector("#rows").options[0].value = "7"'


async def choose(tab: Tab, address: str, rows: int) -> None:
    await tab.open(f"{address}/overdue?place=us.ma")
    await tab.act("""document.querySelector('main a[href*="preferences"]').click()""")
    await tab.evaluate(CHOOSE.format(rows))
    await tab.act(SUBMIT)


async def test_a_reader_without_scripts_chooses_how_many_rows_a_page_has(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*CHECKS)
    await tab.look_as(390, scripts=False)
    await choose(tab, address, 25)
    assert await tab.evaluate("location.pathname + location.search") == "/overdue?place=us.ma"
    assert await tab.evaluate(MESSAGE) == "Lists now have 25 rows on a page, in this browser."
    assert await tab.evaluate(SHOWN) == 25
    assert await tab.evaluate(WEAK_CONTRAST) == []
    assert await tab.evaluate(STICKING_OUT) == []
    await tab.open(f"{address}/overdue")
    assert await tab.evaluate(MESSAGE) is None
    assert await tab.evaluate(SHOWN) == 25
    assert tab.console == []


async def test_what_is_wrong_in_a_form_is_said_above_it_and_beside_the_field(
    site: PublicSite, address: str, tab: Tab
) -> None:
    for dark in (False, True):
        await tab.look_as(390, dark=dark)
        await tab.open(f"{address}/preferences")
        await tab.evaluate(MAKE_WRONG)
        await tab.evaluate(CHOOSE.format(7))
        await tab.act(SUBMIT)
        assert await tab.evaluate("document.title.startsWith('Error: ')")
        assert await tab.evaluate(ORDER) == []
        assert await tab.evaluate(WEAK_CONTRAST) == []
        assert await tab.evaluate(STICKING_OUT) == []
        await tab.evaluate("""document.querySelector(".errors a").click()""")
        assert await tab.evaluate("document.activeElement.id") == "rows"
    assert site.connected


async def test_a_form_whose_browser_keeps_no_cookies_is_refused_in_words(
    address: str, tab: Tab
) -> None:
    await tab.open(f"{address}/preferences")
    await tab.call("Network.clearBrowserCookies")
    await tab.act(SUBMIT)
    assert "Not taken" in await tab.evaluate("document.querySelector('h1').innerText")


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
async def test_a_form_is_taken_where_only_the_origin_tells_whose_page_sends_it(
    address: str, tmp_path: Path
) -> None:
    """Over plain HTTP, on another host than this one, browsers say nothing else."""
    there = address.replace("127.0.0.1", "tribune.test")
    at_home = ("--host-resolver-rules=MAP tribune.test 127.0.0.1", "--no-proxy-server")
    async with browser(tmp_path / "profile", at_home) as tab:
        await tab.open(f"{there}/preferences")
        await tab.evaluate(CHOOSE.format(25))
        await tab.act(SUBMIT)
        assert await tab.evaluate("location.href") == f"{there}/overdue"
        assert await tab.evaluate(MESSAGE) == "Lists now have 25 rows on a page, in this browser."


async def test_every_page_is_in_order_and_shows_where_the_focus_is(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY)
    titles = set()
    for page in PAGES:
        await tab.open(address + page)
        assert await tab.evaluate(ORDER) == [], page
        assert await tab.evaluate(FOCUS) == [], page
        titles.add(await tab.evaluate("document.title"))
        assert [line for line in tab.console if "404" not in line] == [], page
    assert len(titles) == len(PAGES)


async def test_scripts_from_a_page_itself_are_not_run(address: str, tab: Tab) -> None:
    """As if somebody had smuggled one in."""
    await tab.open(address)
    await tab.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.smuggled = true'}))"
    )
    assert await tab.evaluate("window.smuggled") is None
    assert [line for line in tab.console if "Content Security Policy" in line]
