"""A charter that has claims checked, and people who qualify there and let themselves be drawn."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from real_suite import CHARTER, swept, until

from deploy.feeding.publish import publish
from deploy.looking.reading import messages
from services.intake.app import by_charter
from services.intake.domain.checker import StandReady
from shared.contracts.checking import CheckerQualified, CheckerReady, CheckingTerms
from shared.contracts.event import Event
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.mapping import UpstreamEvent
from shared.mapping.events import body_of, outgoing
from shared.runtime.clock_stream import set_clock

BEGIN, DAY = datetime(2031, 1, 6, 12, tzinfo=UTC), timedelta(days=1)
WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
TRACK = """
[[track]]
name = "correspondent"
version = 1
title = "Correspondent"
confirmed = 1
sectors = 1
days = 1
refuted_share = 0.5
"""


class World:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.now = BEGIN
        self.sent = self.said = 0

    async def says(self, *events: tuple[str, dict[str, object]]) -> None:
        told = []
        for kind, body in events:
            self.sent += 1
            written = outgoing("gateway", kind, str(self.sent), self.now, body_of(body))
            told.append(UpstreamEvent(self.now, kind, lambda written=written: written))  # type: ignore[misc]
        answered = await publish(self.client, "gateway", told, _moved)
        assert not answered.answered.refused, answered.answered

    async def members(self, *commands: object) -> None:
        """As pages of theirs ask for it."""
        store = JetStreamEventStore(self.client)
        handler = CommandHandler(store, by_charter(CheckingTerms()), lambda: self.now)
        for command in commands:
            self.said += 1
            for _ in range(2):
                (outcome,) = await handler.handle([Envelope(command, id=f"said {self.said}")])
                assert outcome.error is None

    async def log(self, *services: str) -> list[RecordedEvent]:
        return [
            decode(each.headers, each.body, each.sequence)
            for service in services
            async for each in messages(self.client, service.upper())
        ]

    async def recorded(self, kind: type[Event]) -> list[RecordedEvent]:
        return [each for each in await self.log(kind.service) if isinstance(each.event, kind)]

    async def told(self, kind: type[Event]) -> list[Any]:
        return [each.event for each in await self.recorded(kind)]

    async def has(self, kind: type[Event], number: int) -> list[Any]:
        async def there() -> bool:
            return len(await self.told(kind)) >= number

        await until(there, f"{number} {kind.__name__}")
        return await self.told(kind)

    async def people_are_ready(self, *where: str) -> dict[str, str]:
        """One in each of these places, who has qualified there; by member the place."""
        await set_clock(self.client, self.now)
        await self.says(*reported(where))
        qualified = await self.has(CheckerQualified, len(where))
        ready = {"ties": (), "societies": (), "ready_at": self.now}
        people = {each.member_id: each.place for each in qualified}
        made_ready = [CheckerReady(member_id=who, place=people[who], **ready) for who in people]
        await self.members(*map(StandReady, made_ready))
        return people

    async def later(self, days: float) -> None:
        self.now += days * DAY
        await set_clock(self.client, self.now)
        await swept(self.client, self.now)


async def _moved(*_: object) -> None:
    pass


def reported(where: tuple[str, ...]) -> Iterator[tuple[str, dict[str, object]]]:
    at = BEGIN.isoformat()
    for number, place in enumerate(where):
        about = {"report": str(number), "place": place, "sector": WHERE["sector"]}
        yield "report.submitted", {**about, "correspondent": f"person-{number}", "filed_at": at}
        confirmed = {"report": str(number), "outcome": "confirmed", "resolved_at": at}
        yield "report.resolved", confirmed


def charter_with(folder: Path, **files: str) -> Path:
    """A public source, a track that anybody meets, claims that are checked, and more files."""
    charter = folder / "charter"
    shutil.copytree(CHARTER, charter)
    with (charter / "sources.toml").open("a") as sources:
        sources.write('gateway = {name = "Open data", public = true}\n')
    (charter / "tracks.toml").write_text(TRACK)
    (charter / "checking.toml").write_text("agree = 2\n")
    for name, text in files.items():
        (charter / f"{name}.toml").write_text(text)
    return charter
