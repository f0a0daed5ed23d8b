"""A read model is built anew beside the one that is written: nothing is counted twice or lost."""

import asyncio
import threading
from pathlib import Path

import pytest
from counts import (
    checkpoint,
    count,
    counted,
    counting,
    expected,
    fail_at,
    fill,
    messages,
    prepared,
    until,
)
from nats.aio.client import Client
from sqlalchemy import Engine, text

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.read_model import Rows
from shared.eventsourcing.projections.rebuild import _switch, rebuild
from shared.runtime.loops import Loop, Loops
from shared.testing.servers import NatsServer

WITHIN_S = 60.0
REBUILT = 3


async def test_a_rebuild_heals_what_was_set_aside(nats: Client, database: Engine) -> None:
    await fill(nats, 1, 30)
    bad = counting(apply=fail_at(13))
    projector = prepared(database, bad)
    await projector.catch_up(nats, until=30)
    assert projector.set_aside == {"counts_v1": 1}
    await rebuild(nats, database, bad)
    assert prepared(database, bad).set_aside == {"counts_v1": 1}, "the fault is still there"
    mended = counting()
    await rebuild(nats, database, mended)
    assert prepared(database, mended).set_aside == {}
    assert counted(database, mended) == expected(30)


async def test_who_runs_meanwhile_hears_that_it_was_healed(nats: Client, database: Engine) -> None:
    """Also when nothing more happens in the log: readiness would warn for ever."""
    await fill(nats, 1, 30)
    model = counting(apply=fail_at(13))
    projector = prepared(database, model)
    run = asyncio.create_task(projector.run(nats, "test"))
    await until(lambda: projector.position, run, 30)
    assert projector.set_aside == {"counts_v1": 1}
    mended = counting()
    await rebuild(nats, database, mended)
    await until(lambda: int(projector.set_aside == {}), run, 1)
    await fill(nats, 31, 33)
    await until(lambda: projector.position, run, 33)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert counted(database, mended) == expected(33)


def rebuilding(server: NatsServer, database: Engine) -> "asyncio.Task[None]":
    """In a thread with a loop of its own, as another process does it."""

    async def work() -> None:
        client = await connect(server.url, "rebuild")
        await rebuild(client, database, counting())
        await client.close()

    return asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(work())))


def waits_for_a_lock(database: Engine) -> bool:
    """SQLite does not tell; there whoever writes locks the whole file."""
    if database.dialect.name == "sqlite":
        return True
    with database.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return bool(found.scalar())


async def test_a_rebuild_waits_for_the_batch_that_is_being_written(
    server: NatsServer, nats: Client, database: Engine
) -> None:
    """PostgreSQL once counted it twice: its rows were not seen, and its checkpoint moved back."""
    await fill(nats, 1, 13)
    inside, go_on = threading.Event(), threading.Event()

    def slowly(rows: Rows, found: RecordedEvent) -> None:
        count(rows, found)
        if found.sequence == 13:
            inside.set()
            assert go_on.wait(WITHIN_S)

    live = prepared(database, counting(apply=slowly))
    live.apply(messages(1, 10))
    writing = asyncio.create_task(asyncio.to_thread(live.apply, messages(11, 13)))
    assert await asyncio.to_thread(inside.wait, WITHIN_S)
    other = rebuilding(server, database)
    while not other.done() and not waits_for_a_lock(database):
        await asyncio.sleep(0.01)
    go_on.set()
    await asyncio.wait_for(asyncio.gather(writing, other), WITHIN_S)
    assert (counted(database, counting()), checkpoint(database, counting())) == (expected(13), 13)
    await fill(nats, 14, 20)
    live.begin()
    live.apply(messages(11, 20))
    assert counted(database, counting()) == expected(20)


async def test_what_a_rebuild_was_ahead_of_is_not_counted_again(
    nats: Client, database: Engine
) -> None:
    await fill(nats, 1, 13)
    live = prepared(database, counting())
    live.apply(messages(1, 10))
    assert await rebuild(nats, database, counting()) == 3
    assert (counted(database, counting()), checkpoint(database, counting())) == (expected(13), 13)
    with pytest.raises(ConcurrencyError):
        live.apply(messages(11, 13))
    live.begin()
    live.apply(messages(11, 15))
    assert counted(database, counting()) == expected(15)


async def test_what_a_live_projector_wrote_beyond_a_rebuild_is_written_again(
    nats: Client, database: Engine, tmp_path: Path
) -> None:
    """Between the end that the rebuild reached and its switch; the checkpoint goes back with it."""
    await fill(nats, 1, 13)
    live = prepared(database, counting())
    live.apply(messages(1, 13))
    anew = open_database(f"sqlite:///{tmp_path / 'anew.db'}")
    await prepared(anew, counting()).catch_up(nats, until=10)
    _switch(counting(), database, anew, {"INTAKE": 10})
    anew.dispose()
    assert (counted(database, counting()), checkpoint(database, counting())) == (expected(10), 10)
    with pytest.raises(ConcurrencyError):
        live.apply(messages(14, 15))
    live.begin()
    live.apply(messages(11, 15))
    assert counted(database, counting()) == expected(15)


async def test_rebuilt_again_and_again_beside_a_live_projector_it_counts_everything_once(
    server: NatsServer, nats: Client, database: Engine
) -> None:
    model = counting()
    projector = prepared(database, model)
    loops = Loops(
        [
            Loop(
                "projections",
                lambda: projector.run(nats, "test"),
                position=lambda: projector.position,
            )
        ]
    )
    task = asyncio.create_task(loops.run())
    rebuilt, last = 0, 0
    other = rebuilding(server, database)
    async with asyncio.timeout(WITHIN_S):
        while rebuilt < REBUILT:
            await fill(nats, last + 1, last + 100)
            last += 100
            if other.done():
                other.result()
                rebuilt += 1
                if rebuilt < REBUILT:
                    other = rebuilding(server, database)
            await asyncio.sleep(0)
    async with asyncio.timeout(WITHIN_S):
        while projector.position < last:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (counted(database, model), checkpoint(database, model)) == (expected(last), last)
