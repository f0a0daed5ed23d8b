"""Builds a read model anew beside the live one, to compare the two or to switch over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections import checkpoints, set_aside
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
    """Replace the live rows by a fresh replay in one transaction; the number of rows.

    The live projector moves the checkpoint before it touches rows, so who has locked the checkpoint
    has the rows too; a projector that got ahead meanwhile is caught up with first.
    """
    prepare(live, [model])
    with TemporaryDirectory() as folder:
        end = await ends_at(client, model.stream)
        fresh = await _replay(client, [model], Path(folder), end, progress)
        while (count := _switch(model, live, fresh, end)) is None:
            end = await ends_at(client, model.stream)
            await Projector(fresh, [model]).catch_up(client, end, progress)
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


def _switch(model: ReadModel, live: Engine, fresh: Engine, sequence: int) -> int | None:
    """The number of rows; None if the live projector is further than the fresh rows are.

    It then finds its checkpoint moved, and goes on from the new one.
    """
    with live.begin() as target, fresh.connect().execution_options(reads_only=True) as anew:
        reached = checkpoints.lock(target, model.name)
        if reached > sequence:
            return None
        checkpoints.move(target, model.name, reached, sequence)
        target.execute(delete(model.table))
        count = 0
        for rows in anew.execute(select(model.table)).mappings().partitions(ROWS_AT_ONCE):
            target.execute(insert(model.table), [dict(row) for row in rows])
            count += len(rows)
        set_aside.clear(target, model.name)
        set_aside.add(target, set_aside.of_model(anew, model.name))
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
