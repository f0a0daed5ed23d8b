"""Who was late, what owners kept and how commitments were kept, on a phone and at a desk."""

from datetime import date

import pytest
from chromium import Tab
from looks import FOCUS, ORDER
from node_parts import axe
from public_site import PublicSite
from test_check_page import AXE, STORY
from test_page import STICKING_OUT, WEAK_CONTRAST

from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_DONE_CLAIMED,
    varied,
)

OWNERS = ("Public Works", "Department of Streets, Sidewalks and Transportation", "Parks")
PATHS = (
    *("/patterns", "/patterns?by=owner", "/patterns?by=month", "/patterns?by=sector"),
    *("/owners", "/checks", "/checks?owner=Parks"),
)
BROKEN = """[...document.querySelectorAll('td .whole')].filter(each =>
  each.getClientRects().length > 1).map(each => each.textContent)"""
"""Figures that stand in two lines."""


async def told(site: PublicSite) -> None:
    await site.hears(*STORY)
    for number in range(180):
        check, owner = f"{number + 1:032x}", OWNERS[number % 3]
        said = {"check": check, "owner": owner, "due_on": date(2029, 1 + number % 12, 14)}
        events = [PUBLIC_CHECK_OPENED]
        if number % 4:
            events.append(PUBLIC_DONE_CLAIMED)
        else:
            events.append(PUBLIC_CHECK_OVERDUE)
        if number % 4 == 1:
            events.append(PUBLIC_CLAIM_REFUTED)
        await site.hears(*(varied(each, **said) for each in events))


@pytest.mark.deep
@pytest.mark.parametrize("width", [390, 1280])
async def test_figures_stand_in_one_line_and_axe_finds_nothing(
    site: PublicSite, address: str, tab: Tab, width: int
) -> None:
    await told(site)
    looks = axe()
    for dark in (False, True):
        await tab.look_as(width, dark=dark)
        for path in PATHS:
            await tab.open(address + path)
            await tab.evaluate(looks)
            assert await tab.evaluate(AXE) == [], path
            for query in (ORDER, FOCUS, WEAK_CONTRAST, STICKING_OUT, BROKEN):
                assert await tab.evaluate(query) == [], (path, query)
    assert [line for line in tab.console if "axe" not in line] == []
