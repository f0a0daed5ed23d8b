"""A new read model is made beside those that stand, and shown once it is where they are."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from counts import WITHIN_S, checkpoint, counted, counting, expected, fill, messages, prepared
from dies_switching import AFTER, DIED, POINTS
from nats.aio.client import Client
from sqlalchemy import Engine, select

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.projections import checkpoints, serving
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Making, Projections
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel
from shared.testing.servers import NatsServer

BEFORE = 2_000
SIBLING, OLD = counting("others_v1"), counting("counts_v1")
NEW = counting("counts_v2", replaces=OLD)


class Shown(NamedTuple):
    """What a page sees in one moment, and how far the siblings are in the same."""

    version: str
    rows: dict[str, tuple[int, int]]
    siblings_at: int


def look(engine: Engine, model: ReadModel = NEW) -> Shown:
    options = {"reads_only": True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection:
        found = serving.version(connection, model)
        rows = connection.execute(select(serving.rows_of(connection, model)))
        return Shown(
            found.name if found else "",
            {place: (n, total) for place, n, total in rows},
            checkpoints.read(connection, SIBLING.name),
        )


@asynccontextmanager
async def running(client: Client, engine: Engine, *models: ReadModel) -> AsyncIterator[Projections]:
    """As a service has it after a start; in two processes, of which one watches."""
    prepare(engine, models)
    projections = Projections(engine, models)
    run = asyncio.create_task(projections.run(client, "test"))
    try:
        yield projections
    finally:
        if run.done():
            run.result()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def until_made(engine: Engine, model: ReadModel = NEW) -> None:
    async with asyncio.timeout(WITHIN_S):
        while look(engine, model).version != model.name:
            await asyncio.sleep(0.01)


async def until_at(projections: Projections, last: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while projections.position() < last:
            await asyncio.sleep(0.01)


@pytest.fixture
async def standing(nats: Client, database: Engine) -> Engine:
    """A log, and two read models that hold all of it."""
    for first in range(1, BEFORE, 500):
        await fill(nats, first, first + 499)
    await prepared(database, SIBLING, OLD).catch_up(nats, BEFORE)
    return database


async def test_under_load_what_is_shown_is_whole_in_every_moment(
    nats: Client, standing: Engine
) -> None:
    """Rows of one moment hold exactly what the siblings hold, before and after the switch."""
    seen: list[Shown] = []
    last = BEFORE
    async with running(nats, standing, SIBLING, NEW) as projections:
        assert look(standing).version == OLD.name
        async with asyncio.timeout(WITHIN_S):
            while not seen or seen[-1].version == OLD.name or last < BEFORE + 300:
                await fill(nats, last + 1, last + 10)
                last += 10
                shown = look(standing)
                assert shown.rows == expected(shown.siblings_at)
                if not seen or shown != seen[-1]:
                    seen.append(shown)
        await until_at(projections, last)
    assert {shown.version for shown in seen} == {OLD.name, NEW.name}
    assert [shown.siblings_at for shown in seen] == sorted(shown.siblings_at for shown in seen)
    assert seen[0].siblings_at < seen[-1].siblings_at
    assert counted(standing, NEW) == counted(standing, SIBLING) == expected(last)
    assert checkpoint(standing, OLD) < checkpoint(standing, NEW) == last


@pytest.mark.parametrize("point", POINTS)
async def test_killed_on_its_way_or_in_the_switch_all_is_whole_and_goes_on(
    server: NatsServer, nats: Client, standing: Engine, point: str
) -> None:
    script = [sys.executable, str(Path(__file__).with_name("dies_switching.py"))]
    url = standing.url.render_as_string(hide_password=False)
    process = await asyncio.create_subprocess_exec(*script, server.url, url, point)
    assert await asyncio.wait_for(process.wait(), WITHIN_S) == DIED
    shown = look(standing)
    assert shown == (NEW.name if point == AFTER else OLD.name, expected(BEFORE), BEFORE)
    assert 0 < checkpoint(standing, NEW) <= BEFORE
    await fill(nats, BEFORE + 1, BEFORE + 30)
    async with running(nats, standing, SIBLING, NEW) as projections:
        await until_made(standing)
        await until_at(projections, BEFORE + 30)
    assert look(standing) == (NEW.name, expected(BEFORE + 30), BEFORE + 30)


async def test_a_first_version_shows_nothing_until_it_is_made(
    nats: Client, standing: Engine
) -> None:
    """Its position says how far it is, so that a page can tell."""
    first = counting("firsts_v1")
    prepare(standing, [SIBLING, OLD, first])
    await Projector(standing, [first]).catch_up(nats, BEFORE // 2)
    shown = look(standing, first)
    assert (shown.version, shown.rows) == ("", {})
    with standing.connect() as connection:
        assert serving.position(connection, [SIBLING, OLD], "INTAKE") == (BEFORE, True)
        assert serving.position(connection, [SIBLING, first], "INTAKE") == (BEFORE // 2, False)
    async with running(nats, standing, SIBLING, OLD, first):
        await until_made(standing, first)
    assert look(standing, first).rows == expected(BEFORE)


async def test_where_nothing_stands_all_are_made_together_and_shown(database: Engine) -> None:
    """As after a loss of all rows: a service is not ready before they are whole."""
    prepare(database, [SIBLING, NEW])
    projections = Projections(database, [SIBLING, NEW])
    projections.begin()
    assert projections.making() == {}
    assert look(database).version == NEW.name


async def test_a_follower_that_fails_costs_the_others_nothing(
    nats: Client, standing: Engine
) -> None:
    async with running(nats, standing, SIBLING, OLD) as projections:
        await until_at(projections, BEFORE)
    prepare(standing, [SIBLING, NEW])
    NEW.table.drop(standing)
    projections = Projections(standing, [SIBLING, NEW])
    run = asyncio.create_task(projections.run(nats, "test"))
    await fill(nats, BEFORE + 1, BEFORE + 50)
    await until_at(projections, BEFORE + 50)
    async with asyncio.timeout(WITHIN_S):
        while not projections.making()[NEW.name].trouble:
            await asyncio.sleep(0.01)
    assert look(standing) == (OLD.name, expected(BEFORE + 50), BEFORE + 50)
    NEW.table.create(standing)
    await until_made(standing)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert look(standing).rows == expected(BEFORE + 50)


async def test_who_only_watches_sees_the_switch(nats: Client, standing: Engine) -> None:
    """Another process of the service, which shares the database."""
    again = open_database(standing.url.render_as_string(hide_password=False))
    prepare(standing, [SIBLING, NEW])
    watcher, heard = Projections(again, [SIBLING, NEW]), asyncio.Event()
    watch = asyncio.create_task(watcher.watch(lambda _: heard.set()))
    await asyncio.wait_for(heard.wait(), WITHIN_S)
    assert watcher.making() == {NEW.name: Making(0, BEFORE)}
    heard.clear()
    async with running(nats, standing, SIBLING, NEW):
        await until_made(standing)
        assert look(again).version == NEW.name
        await asyncio.wait_for(heard.wait(), WITHIN_S)
    assert watcher.making() == {}
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    again.dispose()


async def test_going_back_to_the_older_code_and_forth_again_makes_each_one_whole(
    nats: Client, standing: Engine
) -> None:
    last = BEFORE
    for models in ([SIBLING, NEW], [SIBLING, OLD], [SIBLING, NEW]):
        async with running(nats, standing, *models) as projections:
            await until_made(standing, models[-1])
            await fill(nats, last + 1, last + 20)
            last += 20
            await until_at(projections, last)
        assert look(standing, models[-1]).rows == expected(last)


async def test_one_that_is_near_is_taken_over_from_what_the_others_have_at_hand(
    nats: Client, standing: Engine
) -> None:
    """Nobody waits for a reader: the siblings go on meanwhile, and it lacks a batch each time."""
    prepare(standing, [SIBLING, NEW])
    await Projector(standing, [NEW]).catch_up(nats, BEFORE)
    projections = Projections(standing, [SIBLING, NEW])
    projections.begin()
    main, follower = projections._standing["INTAKE"], projections._followers[NEW.name]
    for first in range(BEFORE + 1, BEFORE + 300, 100):
        await main.settle(main.decoded(messages(first, first + 99)), first + 99)
    assert (follower.position, main.position) == (BEFORE, BEFORE + 300)
    assert await follower._joins()
    assert look(standing) == (NEW.name, expected(BEFORE + 300), BEFORE + 300)
    await main.settle(main.decoded(messages(BEFORE + 301, BEFORE + 310)), BEFORE + 310)
    assert counted(standing, NEW) == expected(BEFORE + 310)
    assert checkpoint(standing, OLD) == BEFORE + 300


async def test_one_that_is_ahead_waits_for_the_others(nats: Client, standing: Engine) -> None:
    """As after a rebuild; a page would go back and forth between two moments."""
    await fill(nats, BEFORE + 1, BEFORE + 10)
    prepare(standing, [SIBLING, NEW])
    await Projector(standing, [NEW]).catch_up(nats, BEFORE + 10)
    projections = Projections(standing, [SIBLING, NEW])
    projections.begin()
    assert not await projections._followers[NEW.name]._joins()
    async with running(nats, standing, SIBLING, NEW):
        await until_made(standing)
        assert look(standing) == (NEW.name, expected(BEFORE + 10), BEFORE + 10)


async def test_one_whose_siblings_were_moved_by_another_process_is_not_switched_in(
    standing: Engine, nats: Client
) -> None:
    prepare(standing, [SIBLING, NEW])
    await Projector(standing, [NEW]).catch_up(nats, BEFORE)
    projections = Projections(standing, [SIBLING, NEW])
    projections.begin()
    prepared(standing, SIBLING).apply(messages(BEFORE + 1, BEFORE + 5))
    with pytest.raises(ConcurrencyError, match="others_v1 is not at 2000"):
        await projections._followers[NEW.name]._joins()
    assert look(standing).version == OLD.name


def test_only_another_version_of_the_same_can_be_replaced() -> None:
    for name in ("sums_v2", "counts_v1"):
        with pytest.raises(ValueError, match="can only replace another version"):
            counting(name, replaces=OLD)
