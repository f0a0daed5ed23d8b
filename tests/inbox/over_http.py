"""Intake's public door in small: an inbox of each source that runs, keys in the log, a client."""

import asyncio
import json
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nats.aio.client import Client
from sqlalchemy import Engine
from upstream import PLACES, SECTORS, WITHIN_S, Headers

from services.intake.api import Roads, files_router, hook_router, open311_routes, router
from services.intake.api.hooks.known import Hook
from services.intake.domain import check, report, source_key
from services.intake.domain.source_key import GiveSourceKey, ReplaceSourceKey, RevokeSourceKey
from services.intake.files.keeping import Files
from services.intake.files.uploading import Uploads
from services.intake.projections import unsealed
from services.intake.translate import no_files, translator
from shared.contracts.roles import Role
from shared.contracts.source_key import SourceKeyGiven, SourceKeyReplaced, SourceKeyRevoked
from shared.contracts.source_key_form import digest_of, written
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.looked_up import LookedUp
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.charter import Charter
from shared.runtime.charter_models import Attribute, SectorTold, Source
from shared.runtime.http import public_app
from shared.runtime.source_keys import follow_source_keys
from shared.runtime.vault.holders import Holders
from shared.testing.examples import DIGESTS, MONDAY
from shared.web.frame import Frame, House
from shared.web.sites import Sites
from shared.web.source_keys import SourceKeys

T = TypeVar("T")
SOURCES = ("boston", "chicago")
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
SITES = Sites("intake", {"publishing": "http://public.test", "intake": "http://door.test"})
CHARTER = Charter(
    directory=Path(),
    name="Tribune of Testing",
    notice="",
    places={
        "everywhere": "Everywhere",
        "us.ma.boston": "Boston",
        "us.ma.boston.roxbury": "Roxbury",
        "us.ma.boston.dorchester": "Dorchester",
    },
    sectors={"street-lights": "Street Lights", "graffiti": "Graffiti"},
    sources={"boston": Source(name="311"), "chicago": Source(name="311", public=True)},
    told={
        "graffiti": SectorTold(
            name="Graffiti",
            description="Signs & words on walls.",
            group="Walls",
            keywords=["paint", "tag"],
            attributes=[
                Attribute(
                    code="WALL",
                    datatype="singlevaluelist",
                    required=True,
                    description="What it is on",
                    hint="Choose one",
                    values={"b": "Brick", "w": "Wood"},
                ),
                Attribute(
                    code="HUES",
                    datatype="multivaluelist",
                    description="Colours",
                    values={"r": "Red", "g": "Green"},
                ),
                Attribute(code="AREA", datatype="number", description="In square metres"),
                Attribute(code="SEEN", datatype="datetime", description="When it was seen"),
                Attribute(code="SAYS", description="What it says"),
                Attribute(code="MORE", datatype="text", description="What else there is"),
            ],
        )
    },
)
"""`boston` is protected, `chicago` public."""


@dataclass
class Door:
    """`box` is boston's inbox; `now` what its keys go by."""

    client: httpx.AsyncClient
    nats: Client
    handler: CommandHandler
    box: Inbox
    keys: SourceKeys
    now: list[datetime]
    given: int = 0

    async def key(self, source: str = "boston", **about: Any) -> tuple[str, str]:
        """A fresh one that is good already, and its id."""
        self.given += 1
        key, key_id = written(f"{self.given:040}"), f"{self.given:032x}"
        about = {"key_id": key_id, "source": source, "digest": digest_of(key)} | about
        await self.do(GiveSourceKey(SourceKeyGiven.model_validate(about)))
        await self.until(lambda: key_id in self.keys._by_id)
        return key, key_id

    async def replace(self, key_id: str) -> str:
        self.given += 1
        key = written(f"{self.given:040}")
        replaced = SourceKeyReplaced(key_id=key_id, digest=digest_of(key))
        await self.do(ReplaceSourceKey(replaced))
        await self.until(lambda: self.keys.of(key) is not None)
        return key

    async def revoke(self, key: str, key_id: str) -> None:
        await self.do(RevokeSourceKey(SourceKeyRevoked(key_id=key_id)))
        await self.until(lambda: self.keys.of(key) is None)

    async def do(self, command: object) -> None:
        (outcome,) = await self.handler.handle([Envelope(command, id=repr(command))])
        assert outcome.error is None

    async def until(self, holds: Any) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not holds():
                await asyncio.sleep(0.002)

    async def send(
        self, key: str, body: Any, headers: Headers | None = None, **more: str
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in more.items()}
        every = {"Authorization": f"Bearer {key}"} | (headers or {}) | named
        return await self.client.post("/events", content=content, headers=every)

    async def ask(self, key: str, address: str) -> httpx.Response:
        return await self.client.get(address, headers={"Authorization": f"Bearer {key}"})

    async def receipt(self, key: str, address: str) -> dict[str, Any]:
        """Once it is there."""
        async with asyncio.timeout(WITHIN_S):
            while (answer := await self.ask(key, address)).status_code == 202:
                await asyncio.sleep(0.005)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def envelope(number: int | str, ce_id: str | None = None, **changes: Any) -> dict[str, Any]:
    """A good `report.submitted` in structured mode, unless the changes make it a bad one."""
    return {
        "specversion": "1.0",
        "id": ce_id or f"submitted-{number}",
        "source": "https://311.example",
        "type": "report.submitted",
        "data": {
            "report": str(number),
            "place": "us.ma.boston.roxbury",
            "sector": "street-lights",
            "text": "The lamp is out.",
            "filed_at": MONDAY.isoformat(),
        }
        | changes,
    }


def all_drawn(strategy: st.SearchStrategy[T], at_least: int) -> list[T]:
    """The same each time, for a test that sends them all."""
    found: list[T] = []

    @settings(max_examples=at_least, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(one: T) -> None:
        found.append(one)

    collect()
    return found


@asynccontextmanager
async def door(
    nats: Client,
    sources: Sequence[str] = SOURCES,
    places: Container[str] = PLACES,
    sectors: Container[str] = SECTORS,
    engine: Engine | None = None,
    holders: Holders | None = None,
    charter: Charter = CHARTER,
    hooks: Mapping[str, Hook] = MappingProxyType({}),
    files: Files | None = None,
) -> AsyncIterator[Door]:
    """Without an `engine` its database is away, without `holders` its vault; without `files` none
    are taken."""
    categories = (report.category, check.category, source_key.category)
    handler = CommandHandler(JetStreamEventStore(nats), categories, lambda: MONDAY)
    translate = translator(
        places, sectors, charter.public_sources, files_named=files.named if files else no_files
    )
    moments = [MONDAY]
    boxes = [
        Inbox(nats, "intake", each, handler, translate, lambda _: MONDAY, DIGESTS)
        for each in sources
    ]
    keys, awaited = SourceKeys(sources, lambda: moments[0]), Awaited(nats)

    async def opened(report_id: str) -> dict[Role, int] | None:
        return await ask_in(engine, unsealed.by_role, report_id) if engine else None

    async def code(report_id: str) -> str | None:
        return holders.code_of(report_id) if holders else None

    uploads = Uploads(files) if files else None
    looked_up = LookedUp(nats, "intake")
    roads = Roads(keys, Entry(nats), awaited, looked_up, opened, code, DIGESTS, "", uploads)
    store = JetStreamEventStore(nats)
    addresses = open311_routes(roads, charter, store, SITES, lambda: MONDAY)
    app = public_app(
        Frame(House("Testing", ""), "intake"),
        addresses,
        [router(roads), files_router(roads), hook_router(roads, hooks)],
    )
    async with asyncio.TaskGroup() as group:
        works = [follow_source_keys(nats, keys), awaited.follow(), *(box.run() for box in boxes)]
        tasks = [group.create_task(work) for work in works]
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://door.test") as client:
            here = Door(client, nats, handler, boxes[0], keys, moments)
            await here.until(lambda: keys.is_current)
            yield here
        for task in tasks:
            task.cancel()
