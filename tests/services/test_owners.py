"""Two processes of one service: each loop has one owner, and nothing is lost or done twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client
from sqlalchemy import Engine

from services.intake.projections import reports
from services.promotion.domain.member import category
from services.promotion.reactions import REACTIONS
from services.publishing.passages import passages
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.pipeline import Turn
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.prepare import identity, prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.reactor import Reactor
from shared.eventsourcing.relay import Relay
from shared.runtime.loops import Loop, Loops
from shared.testing.examples import (
    MONDAY,
    REPORT_CONFIRMED,
    REPORT_FILED,
    new_event,
    recorded,
    varied,
)
from shared.testing.projection_spec import as_message
from shared.testing.servers import NatsServer

WITHIN_S = 90.0
REPORTS = 2_000
CREDITS, *_ = REACTIONS


async def fill(client: Client, first: int, last: int) -> None:
    store = JetStreamEventStore(client)
    for start in range(first, last, 200):
        await store.append([_report(number) for number in range(start, min(start + 200, last))])


def _report(number: int) -> Append:
    report_id, who = aggregate_id("report", "x", str(number)), f"{number % 30:032x}"
    events = [
        varied(event, report_id=report_id, correspondent=who)
        for event in (REPORT_FILED, REPORT_CONFIRMED)
    ]
    news = [new_event(event, n + 1, f"command {number}", n) for n, event in enumerate(events)]
    return Append(AggregateKey("intake", "report", report_id), 0, news)


@asynccontextmanager
async def two_processes(
    server: NatsServer, loop_for: Callable[[Client], Loop]
) -> AsyncIterator[tuple[Loops, Loops]]:
    """As far as one process can be two: a connection, a lease and a loop of its own for each."""
    clients = [await connect(server.url, name) for name in ("one", "two")]
    both = [Loops([loop_for(client)]) for client in clients]
    tasks = [asyncio.create_task(loops.run()) for loops in both]
    try:
        yield both[0], both[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in clients:
            await client.close()


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await holds():
            await asyncio.sleep(0.02)


async def _is_alone(one: Loops, two: Loops, loop: str) -> bool:
    """One owns it, and the other knows that it stands by."""
    return [*one.standbys(), *two.standbys()] == [loop]


async def _messages(client: Client, stream: str) -> int:
    return int((await client.jetstream().stream_info(stream)).state.messages)


async def test_two_reactors_on_one_stream_with_filters_lose_nothing(
    server: NatsServer, nats: Client
) -> None:
    def loop(client: Client) -> Loop:
        handler = CommandHandler(JetStreamEventStore(client), [category(())], lambda: MONDAY)
        reactor = Reactor(client, CREDITS, handler)
        lease = Lease(client, "promotion.credits", f"process {id(client)}")
        return Loop("credits", reactor.run, "INTAKE", lambda: reactor.position, lease=lease)

    async with two_processes(server, loop) as (one, two):
        for start in range(0, REPORTS, 500):
            await fill(nats, start, start + 500)
        last = 2 * REPORTS

        async def done() -> bool:
            return last in [*one.positions().values(), *two.positions().values()]

        await _until(done)
        await _until(lambda: _is_alone(one, two, "credits"))
        assert one.troubles() == two.troubles() == []
    assert await _messages(nats, "PROMOTION") == REPORTS


async def test_two_relays_publish_everything_once(server: NatsServer, nats: Client) -> None:
    """Without any lease: the expectation alone has to hold."""
    passage = passages(b"a key for tests")[0]
    clients = [await connect(server.url, name) for name in ("one", "two")]
    relays = [Relay(client, "publishing", passage, lambda: MONDAY) for client in clients]
    loops = [Loops([Loop(f"relay {n}", relay.run, "INTAKE")]) for n, relay in enumerate(relays)]
    tasks = [asyncio.create_task(each.run()) for each in loops]
    for start in range(0, REPORTS, 500):
        await fill(nats, start, start + 500)

    async def first_done() -> bool:
        return any(relay.position >= 2 * REPORTS for relay in relays)

    await _until(first_done)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await _messages(nats, "PUBLIC") == 2 * REPORTS
    for client in clients:
        await client.close()


async def test_what_another_relay_has_published_meanwhile_is_not_published_again(
    nats: Client,
) -> None:
    """Both had begun at the same place, and have the same batch in hand."""
    passage = passages(b"a key for tests")[0]
    one, two = (Relay(nats, "publishing", passage, lambda: MONDAY) for _ in (1, 2))
    for relay in (one, two):
        await relay._begin()
    batch = [as_message(recorded(REPORT_FILED, 1)), as_message(recorded(REPORT_CONFIRMED, 2))]
    await one._settle(one._prepare(batch), Turn(None))
    with pytest.raises(ConcurrencyError, match="wrong last sequence"):
        await two._settle(two._prepare(batch), Turn(None))
    assert await _messages(nats, "PUBLIC") == 2
    assert (one.position, two.position) == (2, 0)


async def test_replicas_with_databases_of_their_own_each_build_their_own_rows(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    """They share no lease, and nobody takes messages from the other."""
    await fill(nats, 0, 1_000)
    engines = [open_database(f"sqlite:///{tmp_path / name}.db") for name in ("one", "two")]
    projectors: dict[int, Projections] = {}

    def loop(client: Client) -> Loop:
        engine = engines[len(projectors)]
        prepare(engine, [reports.read_model])
        projector = projectors[id(client)] = Projections(engine, [reports.read_model])
        lease = Lease(client, f"intake.projections.{identity(engine)}", f"process {id(client)}")
        return Loop(
            "projections",
            lambda: projector.run(client, "intake-projections"),
            "INTAKE",
            projector.position,
            lease=lease,
            meanwhile=projector.watch,
        )

    async with two_processes(server, loop) as (one, two):

        async def done() -> bool:
            return all(projector.position() >= 2_000 for projector in projectors.values())

        await _until(done)
        assert one.standbys() == two.standbys() == []
        assert one.troubles() == two.troubles() == []
    for engine in engines:
        with engine.connect() as connection:
            assert reports.count_by_state(connection) == {"confirmed": 1_000}
        engine.dispose()


async def test_replicas_that_share_a_database_have_one_owner_and_the_other_sees_the_same(
    server: NatsServer, nats: Client, database: Engine
) -> None:
    projectors: list[Projections] = []
    prepare(database, [reports.read_model])
    heard: list[list[int]] = [[], []]

    def loop(client: Client) -> Loop:
        projector = Projections(database, [reports.read_model])
        listen = heard[len(projectors)].append
        projectors.append(projector)
        lease = Lease(client, f"intake.projections.{identity(database)}", f"process {id(client)}")
        return Loop(
            "projections",
            lambda: projector.run(client, "intake-projections", listen),
            "INTAKE",
            projector.position,
            lease=lease,
            meanwhile=lambda: projector.watch(listen),
        )

    async with two_processes(server, loop) as (one, two):
        await fill(nats, 0, 1_000)

        async def done() -> bool:
            return all(projector.position() >= 2_000 for projector in projectors)

        await _until(done)
        await _until(lambda: _is_alone(one, two, "projections"))
        assert one.troubles() == two.troubles() == []
    assert heard[0][-1] == heard[1][-1] == 2_000, "its pages are told as well"
    with database.connect() as connection:
        assert reports.count_by_state(connection) == {"confirmed": 1_000}


async def test_first_starts_side_by_side_do_not_race(database: Engine) -> None:
    again = open_database(database.url.render_as_string(hide_password=False))
    await asyncio.gather(
        *(
            asyncio.to_thread(prepare, engine, [reports.read_model])
            for engine in (database, again) * 8
        )
    )
    assert identity(database) == identity(again) != ""
    again.dispose()
