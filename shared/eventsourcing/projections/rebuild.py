"""Builds a read model anew beside the live one, to compare the two or to switch over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel, Row

ROWS_AT_ONCE = 1000
DIFFERENCES_SHOWN = 10

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Comparison:
    """`differences` are the first few, in words."""

    model: str
    sequence: int
    rows: int
    differences: list[str]


async def compare(
    client: Client, live: Engine, models: Sequence[ReadModel], progress: Progress | None = None
) -> list[Comparison]:
    """The live rows against a fresh replay up to the live checkpoints, both as of one moment.

    Read models of the same stream at the same checkpoint share one replay.
    """
    prepare(live, models)
    found = []
    with (
        TemporaryDirectory() as folder,
        live.connect().execution_options(**_snapshot(live)) as rows_of,
    ):
        together: dict[tuple[str, int], list[ReadModel]] = {}
        for model in models:
            at = checkpoints.read(rows_of, model.name)
            together.setdefault((model.stream, at), []).append(model)
        for (_, sequence), group in together.items():
            fresh = await _replay(client, group, Path(folder), sequence, progress)
            with fresh.connect().execution_options(reads_only=True) as anew:
                for model in group:
                    count, differences = _differences(model, rows_of, anew)
                    found.append(Comparison(model.name, sequence, count, differences))
            fresh.dispose()
    return found


async def rebuild(
    client: Client, live: Engine, model: ReadModel, progress: Progress | None = None
) -> int:
    """Replace the live rows by a fresh replay in one transaction; the number of rows."""
    prepare(live, [model])
    with TemporaryDirectory() as folder:
        end = (await client.jetstream().stream_info(model.stream)).state.last_seq
        fresh = await _replay(client, [model], Path(folder), end, progress)
        while (ahead := _checkpoint(live, model)) > end:
            end = ahead
            await Projector(fresh, [model]).catch_up(client, end, progress)
        with live.begin() as target, fresh.connect().execution_options(reads_only=True) as anew:
            count = _switch(model, target, anew, end)
        fresh.dispose()
    return count


async def _replay(
    client: Client,
    models: Sequence[ReadModel],
    folder: Path,
    until: int,
    progress: Progress | None,
) -> Engine:
    fresh = open_database(f"sqlite:///{folder / models[0].name}.db")
    prepare(fresh, models)
    await Projector(fresh, models).catch_up(client, until, progress)
    return fresh


def _snapshot(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"reads_only": True}
    return {"isolation_level": "REPEATABLE READ"}


def _checkpoint(engine: Engine, model: ReadModel) -> int:
    with engine.connect().execution_options(reads_only=True) as connection:
        return checkpoints.read(connection, model.name)


def _switch(model: ReadModel, target: Connection, anew: Connection, sequence: int) -> int:
    """The live projector then finds its checkpoint moved, and goes on from the new one."""
    target.execute(delete(model.table))
    count = 0
    for rows in anew.execute(select(model.table)).mappings().partitions(ROWS_AT_ONCE):
        target.execute(insert(model.table), [dict(row) for row in rows])
        count += len(rows)
    name = checkpoints.checkpoints.c.name == model.name
    target.execute(update(checkpoints.checkpoints).where(name).values(sequence=sequence))
    return count


def _differences(model: ReadModel, live: Connection, anew: Connection) -> tuple[int, list[str]]:
    """A merge of both tables in the order of their keys."""
    key = model.key_column.name
    left, right = _in_order(model, live), _in_order(model, anew)
    found: list[str] = []
    count = 0
    a, b = next(left, None), next(right, None)
    while (a or b) and len(found) < DIFFERENCES_SHOWN:
        if b is None or (a and a[key] < b[key]):
            found.append(f"{a and a[key]}: is live, but does not follow from the log")
            a = next(left, None)
        elif a is None or b[key] < a[key]:
            found.append(f"{b[key]}: follows from the log, but is not live")
            b = next(right, None)
        else:
            columns = [name for name in a if a[name] != b[name]]
            if columns:
                found.append(f"{a[key]}: differs in {', '.join(columns)}")
            count += 1
            a, b = next(left, None), next(right, None)
    return count, found


def _in_order(model: ReadModel, connection: Connection) -> Iterator[Row]:
    """Keys are plain ASCII; PostgreSQL is told to sort them as such, as SQLite does."""
    order = model.key_column
    if connection.dialect.name == "postgresql":
        order = order.collate("C")
    chosen = select(model.table).order_by(order).execution_options(yield_per=ROWS_AT_ONCE)
    for row in connection.execute(chosen).mappings():
        yield dict(row)
