"""A read model that counts, so that both a lost and a doubled event show; and a log to count."""

import asyncio
from collections.abc import Callable, Iterable

from nats.aio.client import Client
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, select

from shared.contracts.event import Event
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


def count(rows: Rows, event: RecordedEvent) -> None:
    """Sums up sequences, so that both a lost and a doubled event would show."""
    row = rows.setdefault(event.event.place, {"place": event.event.place, "n": 0, "sum": 0})
    row["n"] += 1
    row["sum"] += event.sequence


def counting(
    name: str = "counts_v1", apply: Apply = count, replaces: ReadModel | None = None
) -> ReadModel:
    columns = (Column("place", String(120), primary_key=True), Column("n", Integer))
    table = Table(name, MetaData(), *columns, Column("sum", Integer))
    return ReadModel(name, "INTAKE", table, _keys, apply, replaces)


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


async def fill(client: Client, first: int, last: int) -> None:
    store = JetStreamEventStore(client)
    await store.append(
        [
            Append(AggregateKey("intake", "report", f"{n:032x}"), 0, [new_event(event(n))])
            for n in range(first, last + 1)
        ]
    )


async def until(position: Callable[[], int], run: "asyncio.Task[None]", goal: int) -> None:
    """Until the checkpoint is there, or the projector has failed."""
    async with asyncio.timeout(WITHIN_S):
        while position() < goal and not run.done():
            await asyncio.sleep(0.005)
    if run.done():
        run.result()


def fail_at(*sequences: int) -> Apply:
    def apply(rows: Rows, found: RecordedEvent) -> None:
        count(rows, found)
        if found.sequence in sequences:
            raise ZeroDivisionError

    return apply
