"""The public site on a database of its own, which hears public events as if from the log."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from services.publishing.api import router, routes
from services.publishing.app import READ_MODELS
from services.publishing.newsroom.question_words import QuestionText
from services.publishing.newsroom.words import Told, nothing_told
from services.publishing.site.progress import Goals, Kind, Progress
from services.publishing.site.site import Site
from services.publishing.site.source import Source
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.charter import Charter
from shared.runtime.clock import Clock
from shared.runtime.http import public_app
from shared.runtime.settings import Settings
from shared.testing.examples import MONDAY, PUBLIC_REPORT_FILED, recorded, varied
from shared.web.frame import Frame, House
from shared.web.live import Live
from shared.web.sites import Sites

BASE = "http://tribune.test"
CHARTER = Charter(
    directory=Path(),
    name="Tribune of Testing",
    notice="All of this is made up.",
    places={
        "everywhere": "Everywhere",
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
_numbers = count(1_000)
SITES = Settings(_env_file=None, sites={"publishing": BASE}).sites_for("publishing")
NOW = MONDAY + timedelta(days=40, hours=5)


def another_report(**changes: Any) -> Event:
    """One that was not heard of before."""
    return varied(PUBLIC_REPORT_FILED, report=f"{next(_numbers):032}", **changes)  # type: ignore[no-any-return]


@dataclass
class PublicSite:
    """`told` gives the words of stories. `goal`, `releasing` (percents, of 100), `connected` and
    `gate_answers` are what the site is told when it asks."""

    engine: Engine
    live: Live
    clock: Clock = field(default_factory=lambda: Clock(NOW, speed=0))
    goal: int | None = 0
    releasing: Progress | tuple[int, int] | None = None
    connected: bool = True
    gate_answers: bool = True
    sites: Sites = SITES
    charter: Charter = CHARTER
    told: Told = nothing_told
    pictures: dict[str, bytes] = field(default_factory=dict)
    words: dict[str, QuestionText] = field(default_factory=dict)
    tasks: "list[asyncio.Task[None]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        prepare(self.engine, READ_MODELS)
        public = [each for each in READ_MODELS if log_of("public") in each.streams]
        self._projector = Projector(self.engine, public)
        self._projector.begin()
        self.source = Source(self.engine)
        goals = Goals(lambda: self.goal, self._releasing, lambda: self.gate_answers)
        house, language = House(self.charter.name, self.charter.notice), self.charter.language
        frame = Frame(house, "publishing", self.sites, language=language)
        site = Site(
            self.source,
            self.charter,
            self.live,
            TRACKS,
            self.clock.now,
            goals,
            lambda: self.connected,
            frame,
            self._picture,
            gap_s=0.0,
            said=self._said,
            told=self.told,
        )
        self.looks_again = site.watchman.look
        self.app = public_app(frame, routes(site), [router(site)])
        self.tasks += [asyncio.create_task(self.live.run()), asyncio.create_task(site.watch())]

    def _releasing(self) -> Progress | None:
        told = self.releasing
        return Progress(Kind.RELEASING, *told) if isinstance(told, tuple) else told

    def _said(self, ids: Collection[str]) -> dict[str, QuestionText]:
        return {each: self.words[each] for each in ids if each in self.words}

    async def _picture(self, name: str) -> bytes | None:
        return self.pictures.get(name)

    async def hears(self, *events: Event, on: date | None = None) -> None:
        """Write the events to the read models, as public on that day, tell, and wait until that
        has gone round."""
        await asyncio.to_thread(self.writes, *events, on=on)
        self.live.tell(self._projector.position)
        async for position in self.live.changes():
            if position == self._projector.position:
                return

    def writes(self, *events: Event, on: date | None = None) -> None:
        """As another process does it that shares the database: nobody tells."""
        first = self._projector.begin() + 1
        heard = [recorded(event, first + index) for index, event in enumerate(events)]
        if on is not None:
            at = datetime.combine(on, time.min, UTC)
            heard = [replace(each, recorded_at=at) for each in heard]
        self._projector.write(heard, heard[-1].sequence)

    def stop(self) -> None:
        """What a service does to its loops when it is told to stop."""
        for task in self.tasks:
            task.cancel()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield client


@asynccontextmanager
async def public_site(
    engine: Engine,
    sites: Sites = SITES,
    charter: Charter = CHARTER,
    told: Told = nothing_told,
) -> AsyncIterator[PublicSite]:
    site = PublicSite(engine, Live(gap_s=0.0), sites=sites, charter=charter, told=told)
    try:
        yield site
    finally:
        site.stop()
        await asyncio.gather(*site.tasks, return_exceptions=True)
