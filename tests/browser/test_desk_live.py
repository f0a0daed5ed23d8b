"""Open desks change by themselves, inspectors see each other, and keys go through the list."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM
from intake_site import IntakeSite
from persons import Person, person
from served import served
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from starlette.types import Receive, Scope, Send

from services.intake.domain.report import FileReport
from services.intake.domain.settlement import CloseReport
from shared.testing.examples import DAY, MONDAY, REPORT_FILED, report_id, varied
from shared.web.live import Live

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

ROWS = "document.querySelectorAll('#reports [data-row]').length"
FOCUSED = "document.activeElement.getAttribute('href')"
LIVE = "document.querySelector('.live').dataset.kind === 'on'"
PRESENT = "document.querySelector('#present').innerText"
NEWS = "document.querySelector('#news').innerText"


def filed(number: int) -> FileReport:
    known = {"report_id": report_id(number), "source_id": str(number)}
    return FileReport(varied(REPORT_FILED, **known, filed_at=MONDAY - number * DAY))


@pytest.fixture
async def site(database: Engine) -> AsyncIterator[IntakeSite]:
    site = IntakeSite(database, knowing(), lambda: NOW, live=Live(gap_s=0.0))
    for number in (101, 102):
        await site.do(filed(number))
    running = asyncio.create_task(site.live.run())
    yield site
    running.cancel()


@pytest.fixture
async def ina(site: IntakeSite, tmp_path: Path) -> AsyncIterator[Person]:
    """She has signed in: her cookie goes along with whatever she asks for."""
    cookie = f"tribune_session={SIGNER.token(session(who='ina'))}"

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            others = [each for each in scope["headers"] if each[0] != b"cookie"]
            held = [value for name, value in scope["headers"] if name == b"cookie"]
            all_of_them = b"; ".join([*held, cookie.encode()])
            scope = {**scope, "headers": [*others, (b"cookie", all_of_them)]}
        await site.app(scope, receive, send)

    async with served(known) as address, person(tmp_path / "ina", address) as ina:
        yield ina
        site.live._ended = True
        site.live.stir()


async def press(ina: Person, key: str) -> None:
    await ina.tab.press(key=key, text=key)


async def test_lists_change_by_themselves_and_keys_go_through_them(
    site: IntakeSite, ina: Person
) -> None:
    await ina.opens("/desk")
    await ina.tab.until(LIVE)
    await press(ina, "?")
    assert not await ina.sees("document.querySelector('#keys').hidden")
    await ina.looks()
    await ina.tab.press(key="Escape", windowsVirtualKeyCode=27)
    assert await ina.sees("document.querySelector('#keys').hidden")
    await press(ina, "j")
    await press(ina, "j")
    assert report_id(102) in await ina.sees(FOCUSED)
    await site.do(filed(100))
    site.live.stir()
    await ina.tab.until(f"{ROWS} === 3")
    assert report_id(102) in await ina.sees(FOCUSED), "and who is somewhere stays there"
    await press(ina, "k")
    assert report_id(101) in await ina.sees(FOCUSED)
    await ina.tab.act(_pressed("o"))
    await ina.tab.until(LIVE)
    await site.together.looks(report_id(101), "eva")
    await ina.tab.until(f"{PRESENT} !== ''")
    assert await ina.sees(PRESENT) == "Eva Lind looks at this report, too."
    assert site.presence.others(report_id(101), "eva") == ["ina"]
    await site.do(CloseReport(report_id(101), "Out of reach", MONDAY))
    site.live.stir()
    await ina.tab.until(f"{NEWS} !== ''")
    assert "1 more thing has happened" in await ina.sees(NEWS)
    await ina.looks_everywhere()
    await ina.opens(f"/desk/{report_id(102)}")
    await ina.tab.act(_pressed("c"))
    assert await ina.sees("location.pathname") == f"/desk/{report_id(102)}/confirm"


async def test_keys_can_be_switched_off_and_never_eat_what_is_typed(ina: Person) -> None:
    await ina.opens("/desk")
    await ina.sees("document.querySelector('details.cut').open = true")
    await ina.sees("document.querySelector('#newer').focus()")
    await press(ina, "j")
    assert await ina.sees("document.querySelector('#newer').value") == "j"
    await ina.sees("document.activeElement.blur()")
    await press(ina, "?")
    await ina.sees("document.querySelector('[data-keys-on]').click()")
    await ina.sees("document.activeElement.blur()")
    await press(ina, "j")
    assert await ina.sees(FOCUSED) is None
    await ina.tab.open(ina.address + "/desk")
    await press(ina, "j")
    assert await ina.sees(FOCUSED) is None, "also on the next page"


def _pressed(key: str) -> str:
    return (
        "document.activeElement.dispatchEvent("
        f"new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
    )
