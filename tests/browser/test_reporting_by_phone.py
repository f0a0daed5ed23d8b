"""Somebody with a cheap phone reports something, and looks by the code what became of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM
from nats.aio.client import Client
from persons import H1, Person, person
from served import served
from sqlalchemy import Engine
from street import WORDS, Street, street

from services.intake.domain.exchange import Inquire
from services.intake.domain.report import ConfirmReport
from shared.contracts.identity import aggregate_id
from shared.testing.examples import CHECK_OPENED, MONDAY, ROXBURY, STREET_LIGHTS, recorded, varied

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

CODE = "document.querySelector('#code').innerText"
STORED = "localStorage.length + sessionStorage.length"


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database) as here:
        yield here


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
