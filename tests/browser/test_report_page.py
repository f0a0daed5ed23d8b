"""The public page of a report in a real browser: with pictures, without, and on a narrow screen."""

import pytest
from chromium import Tab
from files_made import photograph
from looks import FOCUS, ORDER
from node_parts import axe
from public_site import PublicSite
from test_check_page import AXE
from test_page import STICKING_OUT, WEAK_CONTRAST

from shared.testing.examples import (
    PUBLIC_FILE_PASSED,
    PUBLIC_REPORT_CORROBORATED,
    PUBLIC_REPORT_FILED,
    varied,
)

PLAIN = "a" * 32
SEEN = "document.querySelector('img.picture').naturalWidth"


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
async def test_the_page_of_a_report_is_orderly(
    site: PublicSite, address: str, tab: Tab, width: int, *, dark: bool
) -> None:
    site.pictures[PUBLIC_FILE_PASSED.picture] = photograph((1280, 960), turned=1)
    told = (PUBLIC_REPORT_FILED, PUBLIC_REPORT_CORROBORATED, PUBLIC_FILE_PASSED)
    await site.hears(*told, varied(PUBLIC_REPORT_FILED, report=PLAIN))
    await tab.look_as(width, dark=dark)
    looks = axe()
    for report in (PUBLIC_REPORT_FILED.report, PLAIN):
        await tab.open(f"{address}/reports/{report}")
        if report != PLAIN:
            assert await tab.evaluate(SEEN) == 1280
        await tab.evaluate(looks)
        assert await tab.evaluate(AXE) == [], report
        for query in (ORDER, FOCUS, WEAK_CONTRAST, STICKING_OUT):
            assert await tab.evaluate(query) == [], (report, query)
    assert [line for line in tab.console if "axe" not in line] == []
