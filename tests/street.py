"""Intake as people on the street see it: the form, and the inbox behind it."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import httpx
from nats.aio.client import Client
from own_vault import vault_in
from sealing import KeyRing
from signed_in import NOW, knowing
from sqlalchemy import Engine
from visiting import HIDDEN

from services.intake.adding import Adding
from services.intake.api import trace_files_router, trace_router
from services.intake.belonging import Belonging
from services.intake.corroborating import Corroborating
from services.intake.domain import check, exchange, report
from services.intake.files.cleaning import Cleaner
from services.intake.files.keeping import Files
from services.intake.files.uploading import Uploads
from services.intake.projections import checks, led_to, points, reports
from services.intake.projections.alike import alike
from services.intake.site.reply_page import ReplyPage
from services.intake.site.report_form import ReportForms
from services.intake.site.report_map import ReportMap
from services.intake.site.report_page import ReportPage
from services.intake.site.seen_before import SeenBefore
from services.intake.site.trace_page import TraceForms, TracePage
from services.intake.trail.codes import Cost, ReceiptCodes
from services.intake.trail.filing import Filing
from services.intake.trail.replying import Replying
from services.intake.trail.tracing import Tracing
from services.intake.translate import no_files, translator
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, Objects
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.clock import Clock
from shared.runtime.http import public_app
from shared.runtime.vault.persons import Persons
from shared.testing.examples import (
    DAY,
    DIGESTS,
    DORCHESTER,
    GRAFFITI,
    MONDAY,
    ROXBURY,
    STREET_LIGHTS,
)
from shared.web.fair_share import Share
from shared.web.frame import Frame, House
from shared.web.guard import Guard
from shared.web.now import utc_now

SOURCE = "boston"
PLACES = {ROXBURY: "Roxbury", DORCHESTER: "Dorchester"}
SECTORS = {STREET_LIGHTS: "Street lights", GRAFFITI: "Graffiti"}
WORDS = "The lamp before number 5 is out."
CODE = re.compile(r'id="code"><bdi>([\d ]+)</bdi>')
MODELS = (checks.read_model, points.read_model, reports.read_model)
LATER = MONDAY + 2 * DAY
LITTLE = Cost(passes=1, kib=8)
BASE = "http://street.test"


@dataclass
class Street:
    nats: Client
    engine: Engine
    known_to: str = "body"
    drawn: ReportMap | None = None
    vault: Any = None
    days_on: float = 0
    opened: JetStreamEventStore = field(init=False)

    def __post_init__(self) -> None:
        self.opened = JetStreamEventStore(self.nats, Codec(KeyRing()))
        categories = (report.category, check.category, exchange.category)
        self.handler = CommandHandler(self.opened, categories, lambda: MONDAY)
        persons = Persons(self.vault, DIGESTS)
        self.belonging = Belonging(DIGESTS, persons, SOURCE)
        objects = Objects(self.nats, ATTACHMENTS)
        self.files = Files(self.vault, objects, Cleaner(), self._now, 2**30)
        self.uploads = Uploads(self.files.of_people())
        named = self.files.named if self.vault else no_files
        translate = translator(PLACES, SECTORS, person_of=persons.id_of, files_named=named)
        self.box = Inbox(
            self.nats, "intake", SOURCE, self.handler, translate, lambda _: MONDAY, DIGESTS
        )
        self.awaited, self.entry = Awaited(self.nats), Entry(self.nats)
        self.codes = ReceiptCodes(DIGESTS, LITTLE)
        frame = Frame(House("Tribune of Testing"), "intake")
        frame.take_in(Path("services/intake/site").resolve())
        guard = Guard(frame, knowing(), {}, lambda: NOW)
        filing = Filing(SOURCE, self.codes, self.entry, self.awaited, lambda: MONDAY)
        rows = partial(ask_in, self.engine, led_to.of_report)
        is_public = partial(ask_in, self.engine, reports.is_public)
        tracing = Tracing(SOURCE, self.codes, self.opened, rows, is_public)
        replying = Replying(SOURCE, self.codes, DIGESTS, self.opened, self.handler, lambda: MONDAY)
        prepare(self.engine, MODELS)
        clock = Clock(MONDAY, speed=0)
        nobodys: Any = SimpleNamespace(of=_of_nobody)
        self.corroborating = Corroborating(self.handler, DIGESTS, nobodys, self.belonging, clock)
        like = partial(ask_in, self.engine, alike)
        before = SeenBefore(like, self.corroborating, SOURCE, 90 * DAY, clock)
        asked = (self.known_to, before, self.drawn, self.belonging, self.uploads)
        self.adding = Adding(self.uploads, DIGESTS, self.opened, self.handler, lambda: LATER)
        traces = TracePage(TraceForms(guard), tracing, PLACES, SECTORS)
        pages = ReportPage(ReportForms(guard), filing, PLACES, SECTORS, *asked)
        self.app = public_app(
            frame,
            [
                *pages.routes(),
                *traces.routes(),
                *ReplyPage(traces, replying, self.adding).routes(),
            ],
            [
                trace_router(tracing, replying, lambda moment: moment.date()),
                trace_files_router(replying, self.adding),
            ],
            Share(),
        )

    def _now(self) -> datetime:
        """Of what was uploaded."""
        return utc_now() + timedelta(days=self.days_on)

    async def do(self, *commands: object) -> None:
        for command in commands:
            (outcome,) = await self.handler.handle([Envelope(command, id=repr(command))])
            assert outcome.error is None

    def project(self, events: Sequence[RecordedEvent]) -> None:
        projector = Projector(self.engine, MODELS)
        projector.begin()
        projector.write(events, events[-1].sequence)

    async def messages(self) -> int:
        return await ends_at(self.nats, f"INBOX_{SOURCE.upper()}")


async def _of_nobody(_: str) -> list[str]:
    return []


@asynccontextmanager
async def street(nats: Client, engine: Engine, **more: Any) -> AsyncIterator[Street]:
    with TemporaryDirectory() as folder, closing(vault_in(Path(folder))) as vault:
        here = Street(nats, engine, **{"vault": vault, **more})
        async with asyncio.TaskGroup() as group:
            works = [group.create_task(here.awaited.follow()), group.create_task(here.box.run())]
            yield here
            for work in works:
                work.cancel()


@asynccontextmanager
async def passer_by(here: Street, address: str = "192.0.2.1") -> AsyncIterator[httpx.AsyncClient]:
    way = httpx.ASGITransport(here.app, client=(address, 1))
    async with httpx.AsyncClient(transport=way, base_url=BASE) as client:
        yield client


def told(**changes: str) -> dict[str, str]:
    return {
        "place": ROXBURY,
        "sector": STREET_LIGHTS,
        "text": WORDS,
        "known_to": "body",
    } | changes


def hidden(page: httpx.Response) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


async def reported(client: httpx.AsyncClient, **changes: str) -> str:
    """The code that is given for it."""
    page = await client.get("/report")
    answer = await client.post("/report", data=hidden(page) | told(**changes))
    found = CODE.search(answer.text)
    assert found, answer.text
    return found[1]


async def traced(client: httpx.AsyncClient, code: str) -> httpx.Response:
    page = await client.get("/trace")
    return await client.post("/trace", data=hidden(page) | {"code": code})
