"""Which version of a read model is served: a row in the database, changed in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    FromClause,
    String,
    Table,
    delete,
    false,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.kept_counts import counted
from shared.eventsourcing.projections.read_model import ReadModel

Columns = ReadOnlyColumnCollection[str, Any]

served = Table(
    "served",
    checkpoints.metadata,
    Column("family", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
)


def read_all(connection: Connection) -> dict[str, str]:
    """The names of what is served, by family."""
    return {row.family: row.name for row in connection.execute(select(served))}


def serve(connection: Connection, model: ReadModel) -> None:
    """Instead of whatever version was served before."""
    own = served.c.family == model.family
    if not connection.execute(update(served).where(own).values(name=model.name)).rowcount:
        connection.execute(insert(served).values(family=model.family, name=model.name))


def withdraw(connection: Connection, name: str) -> None:
    """Its rows are gone."""
    connection.execute(delete(served).where(served.c.name == name))


def version(connection: Connection, model: ReadModel) -> ReadModel | None:
    """The one to ask: this one, or the one that it replaces as long as it is not made; None if
    there was none before."""
    name = connection.execute(select(served.c.name).where(served.c.family == model.family)).scalar()
    return _named(model, name)


def rows_of(connection: Connection, model: ReadModel) -> FromClause:
    """The rows to ask, never those of one that is half made: of a first version there are none."""
    found = version(connection, model)
    if found is None:
        return select(model.table).where(false()).subquery(model.table.name)
    return found.table


def counts_of(connection: Connection, model: ReadModel) -> dict[str, int]:
    """How many rows there are of each sort. A version that keeps no counts yet is counted."""
    found = version(connection, model)
    if found is None or model.counts is None:
        return {}
    if found.counts_table is not None:
        return dict(connection.execute(select(found.counts_table)).all())
    return counted(map(dict, connection.execute(select(found.table)).mappings()), model.counts)


def position(connection: Connection, models: Sequence[ReadModel], stream: str) -> int:
    """The sequence up to which all that is served is; of one that is made for the first time, how
    far that is."""
    names, reached = read_all(connection), checkpoints.read_all(connection)
    asked = [_named(model, names.get(model.family)) or model for model in models]
    own = [model.position_in(stream) for model in asked if stream in model.streams]
    return min(reached.get(name, 0) for name in own)


def followed(connection: Connection, models: Iterable[ReadModel]) -> Iterator[ReadModel]:
    """What is written: each of them, and the version that is served in its place. In a database
    that no process of ours has opened yet, the newest version that is there."""
    names = read_all(connection) if inspect(connection).has_table(served.name) else {}
    for model in models:
        yield model
        if model.family in names:
            there = _named(model, names[model.family])
        else:
            known = [v for v in model.versions() if checkpoints.is_there(connection, v.name)]
            there = known[0] if known else None
        if there is not None and there is not model:
            yield there


def _named(model: ReadModel, name: str | None) -> ReadModel | None:
    return next((each for each in model.versions() if each.name == name), None)
