"""Somebody with a cheap phone reports something, and looks by the code what became of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM
from files_made import MARK, photograph
from nats.aio.client import Client
from own_vault import vault_in
from persons import H1, Person, person
from served import served
from sqlalchemy import Engine
from street import WORDS, Street, street

from services.intake.domain.exchange import Inquire
from services.intake.domain.report import ConfirmReport
from shared.contracts.identity import aggregate_id
from shared.contracts.report import FileAttached
from shared.eventsourcing.event_store import AggregateKey
from shared.testing.examples import CHECK_OPENED, MONDAY, ROXBURY, STREET_LIGHTS, recorded, varied

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

CODE = "document.querySelector('#code').innerText"
STORED = "localStorage.length + sessionStorage.length"


@pytest.fixture
async def here(nats: Client, database: Engine, tmp_path: Path) -> AsyncIterator[Street]:
    vault = vault_in(tmp_path)
    async with street(nats, database, vault=vault) as here:
        yield here
    vault.close()


class WithoutScripts(Person):
    async def looks(self) -> None:
        """What looks at pages is a script itself."""


@pytest.fixture(params=[Person, WithoutScripts])
async def bea(
    request: pytest.FixtureRequest, here: Street, tmp_path: Path
) -> AsyncIterator[Person]:
    async with served(here.app) as address, person(tmp_path / "bea", address) as one:
        bea = request.param(one.tab, one.address, one.axe)
        await bea.tab.look_as(320, scripts=request.param is Person)
        yield bea


async def test_she_is_given_a_code_and_follows_her_report(here: Street, bea: Person) -> None:
    await bea.opens("/report")
    await bea.sends("/report", text=WORDS)
    assert await bea.sees("document.querySelectorAll('.errors li').length") == 2
    assert await bea.sees("document.querySelector('#text').value") == WORDS
    await bea.sends("/report", place=ROXBURY, sector=STREET_LIGHTS)
    assert await bea.sees(H1) == "It was received"
    code = await bea.sees(CODE)
    assert await bea.sees("location.pathname + location.search") == "/report"
    assert await bea.sees(STORED) == 0
    report = aggregate_id("report", "boston", await here.codes.name_of(code))
    await here.do(ConfirmReport(report, "We saw it, too.", MONDAY))
    here.project([recorded(varied(CHECK_OPENED, report_id=report), 1)])
    await bea.opens("/trace")
    await bea.sends("/trace", code="1234")
    assert await bea.sees("document.querySelector('.errors li').innerText")
    await bea.sends("/trace", code=code)
    shown = await bea.sees("document.querySelector('main').innerText")
    for words in ("It was received.", "It was confirmed.", "We saw it, too.", "to be done by"):
        assert words in shown
    assert WORDS not in shown
    assert await bea.sees("location.pathname + location.search") == "/trace"
    await here.do(Inquire(report, "inspector", "Which side of the street?", MONDAY))
    await bea.sends("/trace/reply", words="")
    assert await bea.sees("document.querySelector('.errors li').innerText")
    assert "Which side of the street?" in await bea.sees("document.querySelector('main').innerText")
    await bea.sends("/trace/reply", words="The left one, by the school.")
    assert await bea.sees("document.querySelector('[role=status]').innerText")
    assert "by the school" not in await bea.sees("document.documentElement.outerHTML")
    if type(bea) is Person:
        await bea.looks_everywhere()


async def test_she_sends_a_photograph_which_is_kept_while_she_mends_the_rest(
    here: Street, bea: Person, tmp_path: Path
) -> None:
    for name, content in (("lamp.jpg", photograph()), ("film.gif", b"GIF89a-film")):
        (tmp_path / name).write_bytes(content)
    await bea.opens("/report")
    await bea.tab.choose("#files", tmp_path / "lamp.jpg", tmp_path / "film.gif")
    await bea.sends("/report", text=WORDS, place=ROXBURY)
    assert "GIF" in await bea.sees("document.querySelector('.errors li').innerText")
    assert "1 file is kept" in await bea.sees("document.querySelector('main').innerText")
    await bea.sends("/report", sector=STREET_LIGHTS)
    code = await bea.sees(CODE)
    report = aggregate_id("report", "boston", await here.codes.name_of(code))
    events = await here.opened.load(AggregateKey("intake", "report", report))
    (file,) = [each.event for each in events if isinstance(each.event, FileAttached)]
    shown = await here.files.whole(report, file.digest)
    assert shown is not None
    assert MARK not in shown
    await bea.opens("/trace")
    await bea.sends("/trace", code=code)
    assert "1 file goes with it." in await bea.sees("document.querySelector('main').innerText")
    if type(bea) is Person:
        await bea.looks_everywhere()
