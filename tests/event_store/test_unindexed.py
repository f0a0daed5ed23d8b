"""A long log is read into rows without indexes; at its end they are there, and wherever it breaks
off the next start makes them."""

import asyncio
from contextlib import suppress

import pytest
from counts import WITHIN_S, counted, counting, expected, fill, prepared, until
from nats.aio.client import Client
from sqlalchemy import Engine, Index, inspect

from shared.eventsourcing.projections import unindexed
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel


@pytest.fixture(autouse=True)
def _long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unindexed, "LONG", 30)


@pytest.fixture
def model() -> ReadModel:
    made = counting()
    Index("counts_v1_by_sum", made.table.c.sum)
    return made


def indexes(database: Engine) -> list[str | None]:
    return [each["name"] for each in inspect(database).get_indexes("counts_v1")]


async def test_there_are_none_on_the_way_and_all_at_the_end(
    nats: Client, database: Engine, model: ReadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(nats, 1, 60)
    projector = prepared(database, model)
    on_the_way: list[list[str | None]] = []
    apply = projector.settle_now
    monkeypatch.setattr(
        projector, "settle_now", lambda *a: (on_the_way.append(indexes(database)), apply(*a))
    )
    await projector.catch_up(nats, until=60)
    assert on_the_way
    assert on_the_way[0] == []
    assert indexes(database) == ["counts_v1_by_sum"]
    assert counted(database, model) == expected(60)


async def test_whoever_goes_on_following_has_them_too(
    nats: Client, database: Engine, model: ReadModel
) -> None:
    await fill(nats, 1, 60)
    projector = prepared(database, model)
    run = asyncio.create_task(projector.run(nats, "test"))
    await until(lambda: 60 * (indexes(database) == ["counts_v1_by_sum"]), run, 60)
    await fill(nats, 61, 70)
    async with asyncio.timeout(WITHIN_S):
        await projector.reached(70)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert counted(database, model) == expected(70)


async def test_a_start_after_one_that_broke_off_makes_them(
    nats: Client, database: Engine, model: ReadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(nats, 1, 60)
    projector = prepared(database, model)

    def is_killed(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(projector, "settle_now", is_killed)
    with suppress(ZeroDivisionError):
        await projector.catch_up(nats, until=60)
    assert indexes(database) == []
    anew = prepared(database, model)
    assert indexes(database) == ["counts_v1_by_sum"]
    await anew.catch_up(nats, until=60)
    assert counted(database, model) == expected(60)
    assert indexes(database) == ["counts_v1_by_sum"]


async def test_of_a_short_log_and_where_rows_are_already_they_are_kept(
    nats: Client, database: Engine, model: ReadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(nats, 1, 60)
    await prepared(database, model).catch_up(nats, until=20)
    projector = Projector(database, [model])
    apply, seen = projector.settle_now, list[list[str | None]]()
    monkeypatch.setattr(
        projector, "settle_now", lambda *a: (seen.append(indexes(database)), apply(*a))
    )
    await projector.catch_up(nats, until=60)
    assert {tuple(each) for each in seen} == {("counts_v1_by_sum",)}
