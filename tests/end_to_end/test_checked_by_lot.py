"""A claim is checked in the real suite, two of intake, while the one that works is killed."""

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from real_suite import CHARTER, Home, home, started, swept, until

from deploy.feeding.publish import publish
from deploy.looking.reading import messages
from services.intake.app import by_charter
from services.intake.domain.checker import StandReady
from services.intake.domain.checking import AcceptChecking, GiveFinding
from shared.contracts.checking import (
    CheckerCredited,
    CheckerQualified,
    CheckerReady,
    CheckersDrawn,
    CheckingOpened,
    CheckingTerms,
    ClaimUpheld,
)
from shared.contracts.event import Event
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.mapping import UpstreamEvent
from shared.mapping.events import body_of, outgoing
from shared.runtime.clock_stream import set_clock

pytestmark = pytest.mark.deep

BEGIN, DAY = datetime(2031, 1, 6, 12, tzinfo=UTC), timedelta(days=1)
WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
PEOPLE = ("ada", "ben", "cy", "dee", "eve", "fay")
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


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    with (charter / "sources.toml").open("a") as sources:
        sources.write('gateway = {name = "Open data", public = true}\n')
    (charter / "tracks.toml").write_text(TRACK)
    (charter / "checking.toml").write_text("agree = 2\n")
    return home(request, tmp_path / "data")


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

    async def told(self, kind: type[Event]) -> list[Any]:
        found = [
            decode(m.headers, m.body, m.sequence) async for m in messages(self.client, "INTAKE")
        ]
        return [each.event for each in found if isinstance(each.event, kind)]

    async def has(self, kind: type[Event], number: int) -> list[Any]:
        async def there() -> bool:
            return len(await self.told(kind)) >= number

        await until(there, f"{number} {kind.__name__}")
        return await self.told(kind)

    async def later(self, days: float) -> None:
        self.now += days * DAY
        await set_clock(self.client, self.now)
        await swept(self.client, self.now)


async def _moved(*_: object) -> None:
    pass


def reported() -> Iterator[tuple[str, dict[str, object]]]:
    at = BEGIN.isoformat()
    for number, who in enumerate(PEOPLE):
        report = str(number)
        yield "report.submitted", {"report": report, "correspondent": who, "filed_at": at, **WHERE}
        yield "report.resolved", {"report": report, "outcome": "confirmed", "resolved_at": at}


async def test_one_draw_and_one_verdict_whoever_is_killed(where: Home, tmp_path: Path) -> None:
    made = where.suite(services=("intake", "promotion"), replicas=2)
    made.charter_dir = tmp_path / "charter"
    async with started(made) as client:
        world = World(client)
        await set_clock(client, world.now)
        await world.says(*reported())
        qualified = await world.has(CheckerQualified, len(PEOPLE))
        ready = {"ties": (), "societies": (), "ready_at": world.now}
        people = [(each.member_id, each.place) for each in qualified]
        made_ready = [CheckerReady(member_id=who, place=place, **ready) for who, place in people]
        await world.members(*map(StandReady, made_ready))
        due = (world.now + 20 * DAY).isoformat()
        promise: dict[str, object] = {
            "commitment": "1",
            "owner": "Public Works",
            "task": "Mend the lamp",
            **WHERE,
        }
        promise["confidential"] = False
        promise |= {"made_at": world.now.isoformat(), "due_at": due}
        await world.says(("commitment.made", promise))
        done = {"commitment": "1", "owner": "Public Works", "done_at": world.now.isoformat()}
        await world.says(("commitment.done", done))
        os.kill(made.pids["intake-1"], signal.SIGKILL)
        await world.has(CheckingOpened, 1)
        await world.later(1)
        (drawn,) = await world.has(CheckersDrawn, 1)
        assert set(drawn.candidates) == {who for who, _ in people}
        for who in drawn.drawn:
            seen = "It shines", WHERE["place"], world.now, 1, world.now
            await world.members(
                AcceptChecking(drawn.checking_id, who, world.now),
                GiveFinding(drawn.checking_id, who, "done", *seen),
            )
        await world.has(ClaimUpheld, 1)
        await world.later(15)
        credited = await world.has(CheckerCredited, 2)
        assert {each.member_id for each in credited} == set(drawn.drawn)
        for kind, number in ((CheckersDrawn, 1), (ClaimUpheld, 1), (CheckerCredited, 2)):
            assert len(await world.told(kind)) == number
        for model in ("checkers_v1", "checkings_v1", "seats_v1", "checks_v4"):
            rebuilt = where.tribune("rebuild", model)
            assert rebuilt.returncode == 0, rebuilt.stderr
