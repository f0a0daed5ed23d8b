"""Builds a read model anew beside the live one and switches over, in one transaction."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine, delete, func, insert, select

from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections import checkpoints, fingerprints, set_aside
from shared.eventsourcing.projections.meanwhile import fresh_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel

ROWS_AT_ONCE = 1000
CATCHES_UP = 3

Progress = Callable[[int], None]


async def rebuild(
    client: Client,
    live: Engine,
    model: ReadModel,
    progress: Progress | None = None,
    codec: Codec = PLAIN,
) -> int:
    """Replace the live rows by a fresh replay in one transaction; the number of rows.

    The live projector moves the checkpoint before it touches rows, so who has locked the checkpoint
    has the rows too; it then finds its checkpoint moved, and goes on from the new one. It is caught
    up with before, so that what is shown does not go back far.
    """
    prepare(live, [model], anew=True)
    with fresh_database("tribune-rebuild-", [model]) as fresh:
        ends = {}
        for stream in model.streams * CATCHES_UP:
            ends[stream] = await ends_at(client, stream)
            await Projector(fresh, [model], stream, codec).catch_up(client, ends[stream], progress)
        return _switch(model, live, fresh, ends)


def _switch(model: ReadModel, live: Engine, fresh: Engine, ends: Mapping[str, int]) -> int:
    """The number of rows. `ends` are the sequences that it is at, by stream."""
    with live.begin() as target, fresh.connect().execution_options(reads_only=True) as anew:
        for stream, sequence in ends.items():
            name = model.position_in(stream)
            checkpoints.move(target, [name], checkpoints.lock(target, name), sequence)
        _empty(target, model)
        for table in model.tables:
            for rows in anew.execute(select(table)).mappings().partitions(ROWS_AT_ONCE):
                target.execute(insert(table), [dict(row) for row in rows])
        count = target.execute(select(func.count()).select_from(model.table)).scalar_one()
        for name in model.positions:
            set_aside.clear(target, name)
        set_aside.add(target, set_aside.of_model(anew, model))
    return count


def _empty(target: Connection, model: ReadModel) -> None:
    """Tables that other code has made may have another form."""
    if fingerprints.read(target, model.name) == fingerprints.fingerprint(model):
        for table in model.tables:
            target.execute(delete(table))
        return
    for table in model.tables:
        table.drop(target)
        table.create(target)
    fingerprints.keep(target, model)
