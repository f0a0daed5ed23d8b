"""The register and the page of a check in a real browser: overdue, done, open and withdrawn."""

from datetime import date

import pytest
from chromium import Tab
from files_made import photograph
from looks import FOCUS, ORDER
from node_parts import axe
from public_site import PublicSite
from test_page import STICKING_OUT, WEAK_CONTRAST, WIDE_TEXT

from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_PICTURE_PASSED,
    PUBLIC_WITHDRAWN,
    varied,
)

AXE = "axe.run().then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html))"
WIDE, LATE, OPEN, GONE = (each * 32 for each in "abcd")
STORY = (
    varied(PUBLIC_CHECK_OVERDUE, check=WIDE, owner=WIDE_TEXT, task=WIDE_TEXT),
    varied(PUBLIC_CHECK_OVERDUE, check=LATE),
    varied(PUBLIC_DONE_CLAIMED, check=LATE, done_on=date(2030, 1, 20), late=True),
    varied(PUBLIC_CHECK_OPENED, check=OPEN),
    varied(PUBLIC_PICTURE_PASSED, check=OPEN),
    varied(PUBLIC_CHECK_OVERDUE, check=GONE),
    varied(PUBLIC_WITHDRAWN, id=GONE, reason=WIDE_TEXT),
)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_the_register_and_the_page_of_a_check_are_orderly(
    site: PublicSite, address: str, tab: Tab, width: int, *, dark: bool
) -> None:
    site.pictures[PUBLIC_PICTURE_PASSED.picture] = photograph()
    await site.hears(*STORY)
    await tab.look_as(width, dark=dark)
    looks = axe()
    for path in ("", *(f"/{check}" for check in (WIDE, LATE, OPEN, GONE))):
        await tab.open(f"{address}/checks{path}")
        await tab.evaluate(looks)
        assert await tab.evaluate(AXE) == [], path
        for query in (ORDER, FOCUS, WEAK_CONTRAST, STICKING_OUT):
            assert await tab.evaluate(query) == [], (path, query)
    assert [line for line in tab.console if "axe" not in line] == []


async def test_a_list_leads_to_the_page_and_the_page_stays_when_it_is_withdrawn(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await site.hears(*STORY)
    await tab.open(f"{address}/overdue?before=3")
    text = "document.querySelector('main').innerText"
    assert WIDE_TEXT in await tab.evaluate(text)
    await tab.act("document.querySelector('.entries h2 a').click()")
    assert await tab.evaluate("location.pathname") == f"/checks/{LATE}"
    assert "done on 20 Jan 2030, 6 days late" in await tab.evaluate(text)
    await site.hears(varied(PUBLIC_WITHDRAWN, id=LATE))
    await tab.open(f"{address}/checks/{LATE}")
    shown = await tab.evaluate(text)
    assert "Reason: It named somebody" in shown
    assert "Mend the lamp" not in shown
