"""What a page says about its figures, as a reader has it: in an open page, aloud, on paper."""

from typing import Any

import pytest
from chromium import Tab
from public_site import PublicSite

from shared.testing.examples import PUBLIC_CHECK_OVERDUE, PUBLIC_REPORT_FILED, varied

PAGES = ["/", "/place/us.ma", "/overdue", "/qualified", "/nothing"]
SAID = 'document.querySelector("#standing").innerText'
SO_FAR = 'document.querySelector("#standing-progress").innerText'
STATE = 'document.querySelector("[data-live-state]").textContent'
SKIPPED_LEVELS = """
[...document.querySelectorAll("h1, h2, h3, h4")].map(heading => Number(heading.tagName[1]))
  .filter((level, index, all) => level > (index ? all[index - 1] : 0) + 1)
"""
ROLES = """
[...document.querySelectorAll("header [role=status]")].map(element => element.id)
"""
BOTTOM = 'document.querySelector("#qualified-title").getBoundingClientRect().top'


async def test_an_open_page_follows_until_its_figures_are_the_whole(
    site: PublicSite, address: str, tab: Tab
) -> None:
    site.goal = 3
    await site.hears(PUBLIC_REPORT_FILED)
    await tab.open(address)
    await tab.until(f'{STATE} === "Live"')
    assert "These figures are not the whole." in await tab.evaluate(SAID)
    await tab.evaluate("window.told = document.querySelector('#standing p')")
    await site.hears(PUBLIC_REPORT_FILED)
    await tab.until(f'{SO_FAR}.includes("So far 66 % of the public events")')
    assert await tab.evaluate("window.told.isConnected")  # nothing that a reader would hear again
    await site.hears(PUBLIC_REPORT_FILED)
    await tab.until(f'{SAID} === "" && {SO_FAR} === ""')
    assert not await tab.evaluate("window.told.isConnected")


async def test_an_open_page_tells_while_nothing_newer_can_come(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(PUBLIC_REPORT_FILED)
    await tab.open(address)
    await tab.until(f'{STATE} === "Live"')
    site.connected = False
    await tab.until(f'{SAID}.includes("newer ones cannot arrive just now")')
    await tab.until(f'{STATE} === "Waiting for newer figures"')
    site.connected = True
    await tab.until(f'{SAID} === ""')
    await tab.until(f'{STATE} === "Live"')


async def test_who_reads_further_down_is_not_moved(
    site: PublicSite, address: str, tab: Tab
) -> None:
    tasks = [varied(PUBLIC_CHECK_OVERDUE, check=f"{number:032}") for number in range(8)]
    await site.hears(*tasks)
    await tab.look_as(390)
    await tab.open(address)
    await tab.until(f'{STATE} === "Live"')
    await tab.evaluate("scrollTo(0, 900)")
    assert await tab.evaluate("scrollY") == 900
    before = await tab.evaluate(BOTTOM)
    site.goal = 9
    await tab.until(f'{SO_FAR} !== ""')
    assert await tab.evaluate(f"new Promise(requestAnimationFrame).then(() => {BOTTOM})") == before


async def test_what_is_said_is_printed(site: PublicSite, address: str, tab: Tab) -> None:
    site.goal = 9
    await tab.open(address)
    await tab.call("Emulation.setEmulatedMedia", media="print")
    for part in ("#standing p", "#standing-progress p"):
        assert await tab.evaluate(f"document.querySelector('{part}').checkVisibility()")


@pytest.mark.parametrize("said", [{"goal": 0}, {"goal": 9, "connected": False}])
async def test_headings_and_roles_are_in_order(
    site: PublicSite, address: str, tab: Tab, said: dict[str, Any]
) -> None:
    vars(site).update(said)
    await site.hears(PUBLIC_CHECK_OVERDUE)
    for page in PAGES:
        await tab.open(address + page)
        assert await tab.evaluate(SKIPPED_LEVELS) == [], page
        assert await tab.evaluate(ROLES) == ([] if page == "/nothing" else ["standing"]), page
        assert tab.console == [] or page == "/nothing"
