"""What is shown is never ahead of the log, and never goes back in it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from counts import WITHIN_S, counted, counting, expected, fail_at, fill, messages, prepared
from nats.aio.client import Client
from sqlalchemy import Engine

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.fingerprints import ReadModelChangedError
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.rebuild import rebuild
from shared.runtime.parts import _know_no_more_than_the_log

SIBLING, OLD = counting("others_v1"), counting("counts_v1")
NEW = counting("counts_v2", replaces=OLD)


@pytest.mark.parametrize("newest", [OLD, NEW], ids=lambda model: model.name)
async def test_rows_of_whatever_version_beyond_the_end_of_the_log_are_refused(
    nats: Client, database: Engine, newest: ReadModel
) -> None:
    """The one that is served may be the one that is replaced."""
    await fill(nats, 1, 4)
    prepared(database, OLD).apply(messages(1, 5))
    prepare(database, [newest])
    runtime: Any = SimpleNamespace(engine=database, client=nats)
    with pytest.raises(LogDamagedError, match="ends at 4, but counts_v1 was made from it up to 5"):
        await _know_no_more_than_the_log(runtime, [newest])


async def test_what_another_process_writes_while_one_looks_is_no_damage(
    nats: Client, database: Engine
) -> None:
    """A replica that begins beside a working one."""
    await fill(nats, 1, 4)
    works = prepared(database, OLD)
    await works.catch_up(nats, 4)
    jetstream = nats.jetstream()

    class Watched:
        async def stream_info(self, stream: str) -> Any:
            seen = await jetstream.stream_info(stream)
            await fill(nats, 5, 6)
            await works.catch_up(nats, 6)
            return seen

    watching = SimpleNamespace(jetstream=Watched)
    runtime: Any = SimpleNamespace(engine=database, client=watching)
    await _know_no_more_than_the_log(runtime, [OLD])


async def test_what_the_new_one_set_aside_is_told_after_the_switch_too(
    nats: Client, database: Engine
) -> None:
    await fill(nats, 1, 10)
    await prepared(database, SIBLING, OLD).catch_up(nats, 10)
    failing = counting("counts_v2", fail_at(7), OLD)
    prepare(database, [SIBLING, failing])
    await Projector(database, [failing]).catch_up(nats, 10)
    projections = Projections(database, [SIBLING, failing])
    projections.begin()
    assert projections.set_aside == {failing.name: 1}
    follower = projections._followers.pop(failing.name)
    assert await follower._joins()
    assert projections.set_aside == {failing.name: 1}


async def test_a_replaced_one_that_is_ahead_of_its_siblings_is_served_until_they_are_there(
    nats: Client, database: Engine
) -> None:
    """As after a rebuild of it."""
    await fill(nats, 1, 50)
    await prepared(database, SIBLING, OLD).catch_up(nats, 40)
    await Projector(database, [OLD]).catch_up(nats, 50)
    prepare(database, [SIBLING, NEW])
    await Projector(database, [NEW]).catch_up(nats, 40)
    projections = Projections(database, [SIBLING, NEW])
    projections.begin()
    follower = projections._followers[NEW.name]
    assert not await follower._joins()
    run = asyncio.create_task(projections.run(nats, "test"))
    async with asyncio.timeout(WITHIN_S):
        while projections.making() or not projections.position():
            with database.connect() as connection:
                assert serving.position(connection, [NEW], "INTAKE") == 50
            await asyncio.sleep(0.01)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert counted(database, NEW) == expected(50)


async def test_a_replaced_one_that_changed_is_refused_until_it_is_rebuilt(
    nats: Client, database: Engine
) -> None:
    """As the error says."""
    await fill(nats, 1, 10)
    await prepared(database, SIBLING, OLD).catch_up(nats, 10)
    changed = counting("counts_v1", fail_at(99))
    models = [SIBLING, counting("counts_v2", replaces=changed)]
    with pytest.raises(ReadModelChangedError, match="tribune rebuild counts_v1"):
        prepare(database, models)
    await rebuild(nats, database, changed)
    prepare(database, models)
    with database.connect() as connection:
        assert serving.version(connection, models[-1]) is changed
    assert counted(database, changed) == expected(10)
