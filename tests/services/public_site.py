"""The public site on a database of its own, which hears public events as if from the log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import Engine
from starlette.applications import Starlette

from services.publishing.api import routes
from services.publishing.app import READ_MODELS
from services.publishing.live import Live
from shared.contracts.event import Event
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.charter import Charter
from shared.runtime.clock import Clock
from shared.runtime.http import http_app
from shared.testing.examples import MONDAY, recorded

BASE = "http://tribune.test"
CHARTER = Charter(
    directory=Path(),
    name="Tribune of Testing",
    notice="All of this is made up.",
    places={
        "us": "United States",
        "us.ma": "Massachusetts",
        "us.ma.boston": "Boston",
        "us.ma.boston.roxbury": "Roxbury",
        "us.ma.boston.fenway": "Fenway / Kenmore / Audubon Circle / Longwood",
        "us.ma.salem": "Salem",
    },
    sectors={"street-lights": "Street Lights"},
    sources={},
)
TRACKS = {"inspector": "Inspector", "correspondent": "Correspondent"}
NOW = MONDAY + timedelta(days=40, hours=5)


class AlwaysReady:
    def reasons(self) -> list[str]:
        return []

    def warnings(self) -> list[str]:
        return []


@dataclass
class PublicSite:
    engine: Engine
    live: Live
    telling: "asyncio.Task[None]"
    clock: Clock = field(default_factory=lambda: Clock(NOW, speed=0))

    def __post_init__(self) -> None:
        prepare(self.engine, READ_MODELS)
        self._projector = Projector(self.engine, READ_MODELS)
        self._projector.begin()

    @property
    def app(self) -> Starlette:
        pages = routes(self.engine, CHARTER, self.live, TRACKS, self.clock.now)
        return http_app(AlwaysReady(), pages)

    async def hears(self, *events: Event) -> None:
        """Write the events to the read models, tell, and wait until that has gone round."""
        first = self._projector.position + 1
        heard = [recorded(event, first + index) for index, event in enumerate(events)]
        await asyncio.to_thread(self._projector.write, heard, heard[-1].sequence)
        self.live.tell(self._projector.position)
        async for position in self.live.changes():
            if position == self._projector.position:
                return

    def stop(self) -> None:
        """What a service does to its loops when it is told to stop."""
        self.telling.cancel()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield client


@asynccontextmanager
async def public_site(engine: Engine) -> AsyncIterator[PublicSite]:
    live = Live(gap_s=0.0)
    telling = asyncio.create_task(live.run())
    site = PublicSite(engine, live, telling)
    try:
        yield site
    finally:
        site.stop()
        with suppress(asyncio.CancelledError):
            await telling
