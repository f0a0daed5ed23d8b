"""Two persons before two browsers open the sealed words of a report."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chromium import CHROMIUM
from intake_site import STAFF, IntakeSite, until_current
from nats.aio.client import Client
from own_vault import vault_in
from persons import H1, MESSAGE, Person, person
from promotion_site import promotion_site
from served import served
from sqlalchemy import Engine

from services.intake.app import READ_MODELS
from services.intake.domain.check import OpenCheck
from services.intake.domain.report import FileReport
from shared.contracts.report import ReportUnsealed
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projections import Projections
from shared.runtime.clock import Clock
from shared.runtime.sessions import follow_sessions
from shared.testing.examples import CHECK_OPENED, REPORT_FILED, REPORT_ID, varied
from shared.testing.servers import free_port
from shared.web.sessions import Sessions
from shared.web.sites import Sites

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

WORDS = "The overseer <b>hits</b> people & takes their pay\nevery Friday"
SHOW = "document.querySelector('form[action$=words]')"
SHOWN_ONCE = "inspector: 1 time"
OPENINGS = "document.querySelector('a[href$=openings]')"
ALLOW = "document.querySelector('form[action$=allow]')"


@asynccontextmanager
async def intake(
    nats: Client, folder: Path, addresses: dict[str, str], port: int
) -> AsyncIterator[IntakeSite]:
    """With a vault, on a log that really holds what is sealed."""
    engine, sessions = open_database(f"sqlite:///{folder / 'i.db'}"), Sessions()
    folder.joinpath("vault").mkdir()
    vault = vault_in(folder / "vault")
    site = IntakeSite(
        engine,
        sessions,
        opened=JetStreamEventStore(nats, Codec(vault)),
        closed=JetStreamEventStore(nats, Codec()),
        vault=vault,
        clock=Clock(),
        sites=Sites("intake", addresses),
    )
    projections = Projections(engine, READ_MODELS, Codec())
    tasks = [
        asyncio.create_task(follow_sessions(nats, sessions)),
        asyncio.create_task(projections.run(nats, "test-intake", None)),
    ]
    try:
        await until_current(sessions)
        async with served(site.app, port):
            yield site
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        engine.dispose()


async def shows(somebody: Person, what: str, at: str = "/openings") -> None:
    """A service hears of roles from the log, so perhaps after the page was asked for."""
    await somebody.opens(at)
    while await somebody.sees(what) is None:
        await somebody.opens(at)


async def test_an_inspector_asks_an_editor_allows_and_the_inspector_reads(
    nats: Client, database: Engine, tmp_path: Path
) -> None:
    ports = {name: free_port() for name in ("promotion", "intake")}
    there = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    async with (
        promotion_site(nats, database, staff=STAFF, sites=Sites("promotion", there)) as promotion,
        served(promotion.app, ports["promotion"]),
        intake(nats, tmp_path, there, ports["intake"]) as site,
        person(tmp_path / "ina", there["promotion"]) as ina,
        person(tmp_path / "eva", there["promotion"]) as eva,
    ):
        filed = varied(REPORT_FILED, confidential=True, text=WORDS)
        await site.do(FileReport(filed))
        for who, somebody in (("ina", ina), ("eva", eva)):
            await somebody.joins(who, await promotion.invited(who))
            await shows(somebody, OPENINGS, at="/me")
            await somebody.tab.act(f"{OPENINGS}.click()")
            assert await somebody.sees(H1) == "Openings of sealed words"
            somebody.address = there["intake"]
        await ina.opens("/openings/ask")
        await ina.sends("/openings/ask", report="", reason="")
        await ina.sends("/openings/ask", report=REPORT_ID, reason="The house is to be found")
        assert await ina.sees(MESSAGE) == "It waits for a second person."
        await shows(eva, ALLOW)
        await eva.sends("/allow")
        assert await eva.sees(MESSAGE) == "It is allowed."
        await shows(ina, SHOW)
        assert await eva.sees(SHOW) is None
        await ina.looks_everywhere()
        await ina.sends("/words")
        assert await ina.sees(H1) == "The words of the report"
        assert await ina.sees("document.querySelector('.said').textContent") == WORDS
        await ina.looks_everywhere()
        events = await JetStreamEventStore(nats, Codec()).load(
            AggregateKey("intake", "report", REPORT_ID)
        )
        assert events[0].event.text == CLOSED, "in the log they stay sealed"  # type: ignore[attr-defined]
        (opened,) = [each for each in events if isinstance(each.event, ReportUnsealed)]
        assert opened.event.role == "inspector"
        await shows(ina, "document.querySelector('.state')")
        while await ina.sees(SHOW):
            await ina.opens("/openings")
        assert "the words were shown" in await ina.sees("document.body.innerText")
        await passes_words(eva, site)
        await sees_who_was_shown_them(tmp_path, there, site)


async def sees_who_was_shown_them(folder: Path, there: dict[str, str], site: IntakeSite) -> None:
    """A member who has the code of the report; whoever comes after them at the same browser does
    not."""
    async with person(folder / "ann", there["promotion"]) as ann:
        await ann.signs_up()
        await ann.opens("/me")
        await ann.tab.act("document.querySelector('a[href$=mine]').click()")
        assert await ann.sees(H1) == "Reports of yours"
        ann.address = there["intake"]
        await ann.sends("/mine", report=REPORT_ID, code="00000-00000-00000-00000")
        assert await ann.sees("document.querySelector('#code').value") == ""
        await ann.looks_everywhere()
        await ann.sends("/mine", report=REPORT_ID, code=str(site.holders.code_of(REPORT_ID)))
        assert await ann.sees(MESSAGE) == "The report is on this page now."
        assert await ann.sees("document.querySelector('section li').innerText") == SHOWN_ONCE
        await ann.looks_everywhere()
        ann.address = there["promotion"]
        await ann.signs_out()
        ann.address = there["intake"]
        await ann.opens("/mine")
        assert await ann.sees(H1) == "Sign in"
        ann.address = there["promotion"]
        await ann.signs_up()
        ann.address = there["intake"]
        await ann.opens("/mine")
        assert "No report is here yet." in await ann.sees("document.body.innerText")


async def passes_words(eva: Person, site: IntakeSite) -> None:
    """The editor's desks, in the same browser: the check follows a confidential report."""
    await site.do(OpenCheck(varied(CHECK_OPENED, passed=False)))
    assert await acts_on_it(eva, "/shielded", "lift") == "It may be public now."
    assert await acts_on_it(eva, "/words", "pass") == "They are public now."


async def acts_on_it(eva: Person, desk: str, act: str) -> object:
    link = f"document.querySelector('a[href$={act}]')"
    await eva.opens(desk)
    while await eva.sees(link) is None:
        await eva.opens(desk)
    await eva.looks_everywhere()
    await eva.tab.act(f"{link}.click()")
    await eva.looks()
    await eva.sends(f"/{act}", reason="It names an office")
    return await eva.sees(MESSAGE)
