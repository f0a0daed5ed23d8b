"""A read model of two streams has a position in each, and one set of rows and counts."""

import asyncio
import threading
from collections import Counter

from counts import PLACES, WITHIN_S, Apply, count, counted, counting, event, fail_at, fill, prepared
from nats.aio.client import Client
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table
from test_followers import running, until_made
from test_rebuild import waits_for_a_lock

from shared.contracts.event import Event
from shared.contracts.report import ReportFiled
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections import checkpoints, serving
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Making, Projections
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.rebuild import rebuild
from shared.testing.examples import REPORT_CREDITED, new_event, recorded, varied

STREAMS = ("INTAKE", "PROMOTION")


def _keys(event: Event) -> tuple[str, ...]:
    return (event.place,)


def _sorts(row: Row) -> tuple[str, str]:
    return ("places", "many" if row["n"] > 10 else "few")


def both(apply: Apply = count) -> ReadModel:
    columns = (Column("place", String(120), primary_key=True), Column("n", Integer))
    table = Table("both_v1", MetaData(), *columns, Column("sum", Integer))
    return ReadModel("both_v1", "INTAKE", table, _keys, apply, None, _sorts, ("PROMOTION",))


def credited(number: int) -> Event:
    given = {"member_id": f"{number:032x}", "place": PLACES[(number - 1) % 3]}
    return varied(REPORT_CREDITED, **given)  # type: ignore[no-any-return]


async def fill_both(client: Client, first: int, last: int) -> None:
    """The same numbers of events in both streams, and so the same sequences."""
    store = JetStreamEventStore(client)
    for start in range(first, last + 1, 500):
        end = min(start + 499, last)
        await fill(client, start, end)
        members = [(f"{n:032x}", credited(n)) for n in range(start, end + 1)]
        await store.append(
            [
                Append(AggregateKey("promotion", "member", who), 0, [new_event(each)])
                for who, each in members
            ]
        )


def expected(intake: int, promotion: int) -> dict[str, tuple[int, int]]:
    sequences = [*range(1, intake + 1), *range(1, promotion + 1)]
    numbers = Counter(PLACES[(n - 1) % 3] for n in sequences)
    sums: Counter[str] = Counter()
    for n in sequences:
        sums[PLACES[(n - 1) % 3]] += n
    return {place: (number, sums[place]) for place, number in numbers.items()}


def counts(engine: Engine, model: ReadModel) -> dict[str, int]:
    with engine.connect() as connection:
        return serving.counts_of(connection, model)


async def until_at(projections: Projections, last: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while any(projections.position(stream) < last for stream in STREAMS):
            await asyncio.sleep(0.01)


async def test_both_streams_are_counted_once_each_though_they_touch_the_same_rows(
    nats: Client, database: Engine
) -> None:
    """Also when it is stopped on its way: positions, rows and counts move together."""
    model = both()
    await fill_both(nats, 1, 1_000)
    last = 1_000
    for _start in range(3):
        async with running(nats, database, model) as projections:
            await fill_both(nats, last + 1, last + 500)
            last += 500
    async with running(nats, database, model) as projections:
        await until_at(projections, last)
        assert projections.making() == {}
    assert counted(database, model) == expected(last, last)
    assert counts(database, model) == {"places": 3, "many": 3}


async def test_it_is_switched_in_when_it_is_whole_in_both(nats: Client, database: Engine) -> None:
    """Though in one of them nothing stands yet with which it could be compared."""
    model, sibling = both(), counting("others_v1")
    await fill_both(nats, 1, 600)
    await prepared(database, sibling).catch_up(nats, 600)
    prepare(database, [sibling, model])
    await Projector(database, [model], "INTAKE").catch_up(nats, 600)
    projections = Projections(database, [sibling, model])
    projections.begin()
    assert (projections.position(), projections.position("PROMOTION")) == (600, 0)
    follower = projections._followers[model.name]
    follower.goals["PROMOTION"] = 600
    assert projections.making() == {model.name: Making(600, 1_200)}
    assert not await follower._joins()
    async with running(nats, database, sibling, model) as projections:
        await until_made(database, model)
        assert counted(database, model) == expected(600, 600)
        await fill_both(nats, 601, 700)
        await until_at(projections, 700)
    assert counted(database, model) == expected(700, 700)


async def test_a_rebuild_makes_it_of_both(nats: Client, database: Engine) -> None:
    model = both()
    await fill_both(nats, 1, 100)
    prepare(database, [model])
    await Projector(database, [model], "INTAKE").catch_up(nats, 50)
    assert await rebuild(nats, database, model) == 3
    assert counted(database, model) == expected(100, 100)
    with database.connect() as connection:
        assert [checkpoints.read(connection, name) for name in model.positions] == [100, 100]


async def test_who_reads_one_stream_waits_for_the_rows_of_the_other(database: Engine) -> None:
    """PostgreSQL would show both the same row, and the later one would write over the earlier."""
    inside, go_on = threading.Event(), threading.Event()

    def slowly(rows: Rows, found: RecordedEvent) -> None:
        count(rows, found)
        if found.sequence == 6 and isinstance(found.event, ReportFiled):
            inside.set()
            assert go_on.wait(WITHIN_S)

    model = both(slowly)
    prepare(database, [model])
    one, two = (Projector(database, [model], stream) for stream in STREAMS)
    for projector in (one, two):
        projector.begin()
    filed = [recorded(event(n), n) for n in range(1, 7)]
    one.write(filed[:3], 3)
    writing = asyncio.create_task(asyncio.to_thread(one.write, filed, 6))
    assert await asyncio.to_thread(inside.wait, WITHIN_S)
    credit = [recorded(credited(n), n) for n in (1, 2, 3)]
    other = asyncio.create_task(asyncio.to_thread(two.write, credit, 3))
    while not other.done() and not waits_for_a_lock(database):
        await asyncio.sleep(0.01)
    go_on.set()
    await asyncio.wait_for(asyncio.gather(writing, other), WITHIN_S)
    assert counted(database, model) == expected(6, 3)
    assert counts(database, model) == {"places": 3, "few": 3}


def test_what_is_set_aside_from_either_is_counted_for_the_model(database: Engine) -> None:
    """Both events have the same sequence."""
    model = both(apply=fail_at(1))
    prepare(database, [model])
    for stream in STREAMS:
        projector = Projector(database, [model], stream)
        projector.begin()
        projector.write([recorded(event(1), 1), recorded(event(2), 2)], 2)
    assert projector.set_aside == {"both_v1": 2}
    assert counted(database, model) == {PLACES[1]: (2, 4)}
