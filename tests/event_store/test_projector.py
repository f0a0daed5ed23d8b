"""Rows and checkpoint move together, once for each event, whatever happens in between."""

import asyncio
from collections.abc import Callable, Iterable

import pytest
from nats.aio.client import Client
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.testing.examples import REPORT_FILED, new_event, recorded, varied
from shared.testing.projection_spec import as_message

WITHIN_S = 60.0
PLACES = ("us.ma.a", "us.ma.b", "us.ma.c")

Apply = Callable[[Rows, RecordedEvent], None]


def _keys(event: Event) -> Iterable[str]:
    return (event.place,)


def _count(rows: Rows, event: RecordedEvent) -> None:
    """Sums up sequences, so that both a lost and a doubled event would show."""
    row = rows.setdefault(event.event.place, {"place": event.event.place, "n": 0, "sum": 0})
    row["n"] += 1
    row["sum"] += event.sequence


def counting(name: str = "counts_v1", apply: Apply = _count) -> ReadModel:
    columns = (Column("place", String(120), primary_key=True), Column("n", Integer))
    table = Table(name, MetaData(), *columns, Column("sum", Integer))
    return ReadModel(name, "INTAKE", table, _keys, apply)


def counted(engine: Engine, model: ReadModel) -> dict[str, tuple[int, int]]:
    with engine.connect() as connection:
        return {place: (n, total) for place, n, total in connection.execute(select(model.table))}


def expected(last: int) -> dict[str, tuple[int, int]]:
    by_place = {place: range(1 + i, last + 1, 3) for i, place in enumerate(PLACES)}
    return {place: (len(own), sum(own)) for place, own in by_place.items() if own}


def checkpoint(engine: Engine, model: ReadModel) -> int:
    with engine.connect() as connection:
        return checkpoints.read(connection, model.name)


def event(number: int) -> Event:
    place = PLACES[(number - 1) % 3]
    return varied(REPORT_FILED, report_id=f"{number:032x}", place=place)  # type: ignore[no-any-return]


def messages(first: int, last: int) -> list[Message]:
    return [as_message(recorded(event(n), n)) for n in range(first, last + 1)]


def prepared(engine: Engine, *models: ReadModel) -> Projector:
    """As a service has it after a start."""
    prepare(engine, models)
    projector = Projector(engine, models)
    projector.begin()
    return projector


async def _fill(client: Client, first: int, last: int) -> None:
    store = JetStreamEventStore(client)
    await store.append(
        [
            Append(AggregateKey("intake", "report", f"{n:032x}"), 0, [new_event(event(n))])
            for n in range(first, last + 1)
        ]
    )


async def _until(position: Callable[[], int], run: "asyncio.Task[None]", goal: int) -> None:
    """Until the checkpoint is there, or the projector has failed."""
    async with asyncio.timeout(WITHIN_S):
        while position() < goal and not run.done():
            await asyncio.sleep(0.005)
    if run.done():
        run.result()


def test_a_batch_is_counted_once_however_often_it_is_delivered(database: Engine) -> None:
    model = counting()
    projector = prepared(database, model)
    for _delivery in range(3):
        projector.apply(messages(1, 10))
    assert counted(database, model) == expected(10)
    projector.apply(messages(8, 12))
    assert counted(database, model) == expected(12)
    assert checkpoint(database, model) == projector.position == 12


def test_after_a_crash_between_batches_the_checkpoint_says_where_to_go_on(database: Engine) -> None:
    model = counting()
    prepared(database, model).apply(messages(1, 10))
    anew = prepared(database, model)
    assert anew.position == 10
    anew.apply(messages(6, 20))
    assert counted(database, model) == expected(20)


def test_a_failing_batch_leaves_neither_rows_nor_checkpoint(database: Engine) -> None:
    def fail_at_15(rows: Rows, found: RecordedEvent) -> None:
        _count(rows, found)
        if found.sequence == 15:
            raise ZeroDivisionError

    model = counting(apply=fail_at_15)
    projector = prepared(database, model)
    projector.apply(messages(1, 10))
    with pytest.raises(ZeroDivisionError):
        projector.apply(messages(11, 20))
    assert counted(database, model) == expected(10)
    assert checkpoint(database, model) == projector.position == 10
    mended = prepared(database, counting())
    mended.apply(messages(11, 20))
    assert counted(database, model) == expected(20)


def test_one_failing_read_model_rolls_back_those_beside_it(database: Engine) -> None:
    def fail(_: Rows, __: RecordedEvent) -> None:
        raise ZeroDivisionError

    good, bad = counting("good_v1"), counting("bad_v1", fail)
    projector = prepared(database, good, bad)
    with pytest.raises(ZeroDivisionError):
        projector.apply(messages(1, 5))
    assert counted(database, good) == {}
    assert checkpoint(database, good) == 0


def test_a_second_projector_can_not_apply_what_the_first_has_applied(database: Engine) -> None:
    model = counting()
    one, two = prepared(database, model), prepared(database, model)
    one.apply(messages(1, 10))
    with pytest.raises(ConcurrencyError):
        two.apply(messages(1, 7))
    assert counted(database, model) == expected(10)
    assert checkpoint(database, model) == 10
    two.begin()
    two.apply(messages(1, 12))
    assert counted(database, model) == expected(12)


def test_a_new_read_model_catches_up_beside_one_that_is_there(database: Engine) -> None:
    old, new = counting("old_v1"), counting("new_v1")
    prepared(database, old).apply(messages(1, 10))
    both = prepared(database, old, new)
    assert both.position == 0
    both.apply(messages(1, 6))
    both.apply(messages(7, 15))
    assert counted(database, old) == counted(database, new) == expected(15)


def test_an_unknown_event_type_only_moves_the_checkpoint(database: Engine) -> None:
    model = counting()
    projector = prepared(database, model)
    (known, unknown) = messages(1, 2)
    strange = unknown._replace(headers=unknown.headers | {"ce-type": "tribune.intake.Unheard"})
    projector.apply([known, strange])
    assert counted(database, model) == expected(1)
    assert checkpoint(database, model) == 2


async def test_a_projector_follows_the_log(nats: Client, database: Engine) -> None:
    model = counting()
    projector = prepared(database, model)
    heard: list[int] = []
    run = asyncio.create_task(projector.run(nats, "test", heard.append))
    for last in (100, 101, 400):
        await _fill(nats, projector.position + 1, last)
        await _until(lambda: max(heard, default=0), run, last)
        assert counted(database, model) == expected(last)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert heard == sorted(heard)
    assert heard[-1] == 400


async def test_stopped_after_every_batch_and_started_anew_it_counts_everything_once(
    nats: Client, database: Engine
) -> None:
    model = counting()
    for first in range(1, 2500, 500):
        await _fill(nats, first, first + 499)
    stops = 0
    prepared(database, model)
    while checkpoint(database, model) < 2500:
        projector = prepared(database, model)
        stopped = asyncio.Event()
        run = asyncio.create_task(projector.run(nats, "test", lambda _, s=stopped: s.set()))  # type: ignore[misc]
        await asyncio.wait_for(stopped.wait(), WITHIN_S)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        stops += 1
    assert stops > 1, "it was never stopped on its way"
    assert counted(database, model) == expected(2500)


async def test_catching_up_stops_where_it_was_told_to(nats: Client, database: Engine) -> None:
    model = counting()
    await _fill(nats, 1, 50)
    projector = prepared(database, model)
    await projector.catch_up(nats, until=20)
    assert counted(database, model) == expected(20)
    await projector.catch_up(nats, until=20)
    assert checkpoint(database, model) == 20
