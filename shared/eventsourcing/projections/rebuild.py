"""Builds a read model anew beside the live one and switches over, in one transaction."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, delete, insert, select

from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections import checkpoints, set_aside
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel

ROWS_AT_ONCE = 1000

Progress = Callable[[int], None]


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
