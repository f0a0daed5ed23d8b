"""A follower ends with those that it follows, and waits for none that goes no further."""

import asyncio

import pytest
from counts import WITHIN_S, counting, fill, prepared
from nats.aio.client import Client
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.projections.projector import Projector

SIBLING, OLD = counting("others_v1"), counting("counts_v1")
NEW = counting("counts_v2", replaces=OLD)


@pytest.mark.parametrize("how", ["fails", "stops"])
async def test_a_follower_that_waits_for_those_that_stand_ends_with_them(
    nats: Client, database: Engine, how: str
) -> None:
    """It has read what they have not written yet; a stop would never have ended."""
    await fill(nats, 1, 500)
    await prepared(database, SIBLING, OLD).catch_up(nats, 500)
    prepare(database, [SIBLING, NEW])
    await Projector(database, [NEW]).catch_up(nats, 400)
    await fill(nats, 501, 510)
    if how == "fails":
        SIBLING.table.drop(database)
    projections = Projections(database, [SIBLING, NEW])
    run = asyncio.create_task(projections.run(nats, "test"))
    async with asyncio.timeout(WITHIN_S):
        while not projections._standing:
            await asyncio.sleep(0)
        standing = projections._standing["INTAKE"]
        await standing.turn.acquire()
        while not standing._moved._waiters:  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)
    if how == "stops":
        run.cancel()
        await asyncio.sleep(0)
    standing.turn.release()
    await asyncio.wait([run], timeout=WITHIN_S)
    assert run.done()
    expected = SQLAlchemyError if how == "fails" else asyncio.CancelledError
    with pytest.raises(expected):
        run.result()


async def test_who_waits_for_one_that_has_ended_is_told(database: Engine) -> None:
    standing = prepared(database, OLD)
    waiting = asyncio.create_task(standing.reached(7))
    await asyncio.sleep(0)
    standing.end()
    await asyncio.wait([waiting], timeout=WITHIN_S)
    assert "the projector of INTAKE ended at 0" in str(waiting.exception())
