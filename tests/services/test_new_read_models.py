"""While a new version of a read model is made under load, sweep and page answer as before."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from looking_again import until
from nats.aio.client import Client
from public_site import public_site
from small_intake import check_id, opened
from sqlalchemy import Engine

from deploy.looking.reading import batches
from services.intake import app as intake
from services.intake.domain import check, report
from services.intake.projections import checks
from services.publishing import app as publishing
from services.publishing.projections import qualified
from shared.contracts.check import CheckOverdue
from shared.eventsourcing.cloudevents import decode_known
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.decoding import Decoded
from shared.eventsourcing.projections.follower import Follower
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.projections.projector import Listener, Projector
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.clock import Clock
from shared.testing.examples import DAY, MONDAY, PUBLIC_MEMBER_QUALIFIED, recorded, varied
from shared.testing.projection_spec import as_message

WITHIN_S = 90.0
BEFORE = 1_500


async def stands(client: Client, engine: Engine, models: Sequence[ReadModel]) -> None:
    """The versions before, as older code left them."""
    older = [model.replaces or model for model in models]
    prepare(engine, older)
    first = older[0].stream
    own = [model for model in older if first in model.streams]
    await Projector(engine, own).catch_up(client, await ends_at(client, first))


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Until then a follower stops after its first batch: it is half made."""
    event, settle = asyncio.Event(), Follower.settle

    async def held(self: Follower, part: Projector, batch: Decoded, last: int) -> None:
        if part.position:
            await event.wait()
        await settle(self, part, batch, last)

    monkeypatch.setattr(Follower, "settle", held)
    return event


@asynccontextmanager
async def making(
    client: Client, engine: Engine, models: Sequence[ReadModel], listen: Listener
) -> AsyncIterator[Projections]:
    """As far as the first batch of the new ones."""
    prepare(engine, models)
    projections = Projections(engine, models)
    run = asyncio.create_task(projections.run(client, "test", listen))
    try:
        await until(lambda: bool(projections.making()))
        await until(lambda: all(each.at for each in projections.making().values()))
        yield projections
        assert not run.done()
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def raised(client: Client) -> list[str]:
    """The checks that were raised, as often as they were."""
    end = await ends_at(client, "INTAKE")
    found = [message async for batch in batches(client, "INTAKE", end) for message in batch]
    events = [decode_known(each.headers, each.body, each.sequence) for each in found]
    return sorted(e.event.check_id for e in events if e and isinstance(e.event, CheckOverdue))


async def test_the_sweep_raises_what_falls_due_meanwhile(
    nats: Client, database: Engine, go_on: asyncio.Event
) -> None:
    """Each once, also what was opened meanwhile; the rows that it asks are never half of them."""
    clock, models = Clock(MONDAY, speed=0), intake.READ_MODELS
    handler = CommandHandler(
        JetStreamEventStore(nats), [report.category, check.category], clock.now
    )
    sweep = Sweep(intake.calendar(database), handler, clock.now)

    async def open_checks(first: int, last: int, due_at: datetime) -> None:
        for start in range(first, last + 1, 500):
            numbers = range(start, min(start + 500, last + 1))
            commands = [opened(number, due_at) for number in numbers]
            await handler.handle([Envelope(each, id=repr(each)) for each in commands])

    def version() -> str:
        with database.connect() as connection:
            found = serving.version(connection, checks.read_model)
        return found.name if found else ""

    await open_checks(1, BEFORE, MONDAY + 9 * DAY)
    await stands(nats, database, models)
    async with making(nats, database, models, lambda _: None) as projections:
        await open_checks(BEFORE + 1, BEFORE + 10, MONDAY + DAY)
        await until(lambda: projections.position() == BEFORE + 10)
        clock.jump(MONDAY + 2 * DAY)
        await sweep()
        assert (version(), sweep.raised) == ("checks_v3", 10)
        await until(lambda: projections.position() == BEFORE + 20)
        await sweep()
        assert sweep.raised == 10, "nothing twice"
        go_on.set()
        await until(lambda: not projections.making())
        assert version() == "checks_v4"
        await sweep()
        assert sweep.raised == 10
        await open_checks(BEFORE + 11, BEFORE + 15, MONDAY + DAY)
        await until(lambda: projections.position() == BEFORE + 25)
        await sweep()
        await until(lambda: projections.position() == BEFORE + 30)
    expected = sorted(check_id(number) for number in range(BEFORE + 1, BEFORE + 16))
    assert await raised(nats) == expected
    with database.connect() as connection:
        counts = checks.count_by_state(connection)
    assert (counts["open"], counts["opened"]) == (BEFORE, BEFORE + 15)


async def test_the_page_shows_all_that_is_public_in_every_moment(
    nats: Client, database: Engine, go_on: asyncio.Event
) -> None:
    async def publish(first: int, last: int) -> None:
        for number in range(first, last + 1):
            event = varied(PUBLIC_MEMBER_QUALIFIED, member=f"{number:032x}")
            message = as_message(recorded(event, number))
            await nats.publish(message.subject, message.body, headers=dict(message.headers))
        await nats.flush()
        while await ends_at(nats, "PUBLIC") < last:
            await asyncio.sleep(0.01)

    await publish(1, BEFORE)
    await stands(nats, database, publishing.READ_MODELS)
    models = publishing.READ_MODELS
    async with public_site(database) as site, site.client() as client:
        site.goal = BEFORE

        async def shown() -> int:
            told = (await client.get("/api/figures")).json()
            assert told["whole"]
            assert told["qualifications"] == told["members"]
            return int(told["qualifications"])

        async with making(nats, database, models, site.live.tell) as projections:
            assert await shown() == BEFORE
            await publish(BEFORE + 1, BEFORE + 20)
            await until(lambda: projections.position() == BEFORE + 20)
            seen = [await shown()]
            go_on.set()
            while projections.making() or seen[-1] < BEFORE + 20:
                seen.append(await shown())
                await asyncio.sleep(0.001)  # a page asked for in this loop gives way to nobody
            assert seen == sorted(seen)
            assert seen[0] >= BEFORE
            await publish(BEFORE + 21, BEFORE + 30)
            async with asyncio.timeout(WITHIN_S):
                while await shown() < BEFORE + 30:
                    await asyncio.sleep(0.01)
    with database.connect() as connection:
        found = serving.version(connection, qualified.read_model)
    assert found is qualified.read_model
