"""An inspector decides about a report by keyboard alone, and each page on the way is looked at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM
from intake_site import IntakeSite
from persons import H1, Person, person
from served import served
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from starlette.types import Receive, Scope, Send

from services.intake.domain.report import FileReport
from services.intake.domain.settlement import CloseReport
from shared.contracts.report import ReportConfirmed
from shared.testing.examples import DAY, MONDAY, REPORT_FILED, REPORT_ID, report_id, varied

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

FOCUSED = "document.activeElement.getAttribute('href') || document.activeElement.id || 'button'"


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    site = IntakeSite(database, knowing(), lambda: NOW)
    for number in (101, 102):
        known = {"report_id": report_id(number), "source_id": str(number)}
        await site.do(FileReport(varied(REPORT_FILED, **known, filed_at=MONDAY - number * DAY)))
    return site


@pytest.fixture
async def ina(site: IntakeSite, tmp_path: Path) -> AsyncIterator[Person]:
    """She has signed in: her cookie goes along with whatever she asks for."""
    cookie = f"tribune_session={SIGNER.token(session(who='ina'))}"

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            held = [value for name, value in scope["headers"] if name == b"cookie"]
            others = [each for each in scope["headers"] if each[0] != b"cookie"]
            all_of_them = b"; ".join([*held, cookie.encode()])
            scope = {**scope, "headers": [*others, (b"cookie", all_of_them)]}
        await site.app(scope, receive, send)

    async with served(known) as address, person(tmp_path / "ina", address) as ina:
        yield ina


async def goes_to(ina: Person, wanted: str) -> None:
    """From the beginning of the page, as far as it takes."""
    await ina.sees("document.activeElement.blur()")
    for _ in range(40):
        await ina.tab.press(key="Tab", windowsVirtualKeyCode=9)
        if wanted in await ina.sees(FOCUSED):
            return
    raise AssertionError(wanted)


async def follows(ina: Person, wanted: str) -> None:
    await goes_to(ina, wanted)
    await ina.tab.enter()
    await ina.tab.call("Page.bringToFront")
    await ina.looks()


async def test_she_confirms_it_without_a_mouse_and_is_told_when_it_has_moved_on(
    site: IntakeSite, ina: Person
) -> None:
    await ina.opens("/desk")
    await follows(ina, f"/desk/{REPORT_ID}")
    await follows(ina, "/confirm?seen=")
    await goes_to(ina, "reason")
    await ina.tab.call("Input.insertText", text="Seen on the spot")
    await follows(ina, "reason")
    assert "It was confirmed." in await ina.sees("document.querySelector('main').innerText")
    (event,) = [e.event for e in site.events() if isinstance(e.event, ReportConfirmed)]
    assert event.reason == "Seen on the spot"
    await ina.opens(f"/desk/{report_id(102)}")
    await follows(ina, "/merge?seen=")
    await goes_to(ina, "original")
    await ina.tab.call("Input.insertText", text=REPORT_ID)
    await goes_to(ina, "reason")
    await ina.tab.call("Input.insertText", text="The same lamp")
    await site.do(CloseReport(report_id(102), "Out of reach", MONDAY))
    await follows(ina, "reason")
    assert await ina.sees(H1) == "It has moved on"
    assert "Out of reach" in await ina.sees("document.querySelector('main').innerText")
    await ina.looks_everywhere()
    await follows(ina, f"/desk/{report_id(102)}")
    await ina.looks_everywhere()
    await ina.opens("/desk")
    await ina.looks_everywhere()
