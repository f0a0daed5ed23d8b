"""What another process watches is forgotten once it runs itself."""

import asyncio
import threading

import pytest
from counts import WITHIN_S, counting, fill, prepared
from nats.aio.client import Client
from sqlalchemy import Connection, Engine

from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.projections.read_model import ReadModel

MODEL = counting()
CAN_WAIT_S = 20


async def test_an_answer_that_nobody_waits_for_any_more_changes_nothing(
    nats: Client, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a database answers late, and the lease was got meanwhile: its thread goes on."""
    if database.dialect.name == "sqlite":
        pytest.skip("SQLite is read without a thread")
    await fill(nats, 1, 100)
    await prepared(database, MODEL).catch_up(nats, 100)
    asked, may_answer, version = threading.Event(), threading.Event(), serving.version

    def late(connection: Connection, model: ReadModel) -> ReadModel | None:
        if not asked.is_set():
            asked.set()
            may_answer.wait(CAN_WAIT_S)
        return version(connection, model)

    monkeypatch.setattr(serving, "version", late)
    projections = Projections(database, [MODEL])
    watch = asyncio.create_task(projections.watch())
    async with asyncio.timeout(WITHIN_S):
        while not asked.is_set():
            await asyncio.sleep(0.01)
        watch.cancel()
        run = asyncio.create_task(projections.run(nats, "test"))
        while not projections._standing:
            await asyncio.sleep(0.01)
    may_answer.set()
    await asyncio.gather(watch, return_exceptions=True)
    await fill(nats, 101, 200)
    try:
        async with asyncio.timeout(CAN_WAIT_S):
            while projections.position() < 200:
                await asyncio.sleep(0.01)
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
