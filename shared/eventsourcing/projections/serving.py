"""Which version of a read model is served: a row in the database, changed in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from weakref import ref

from sqlalchemy import (
    Column,
    Connection,
    FromClause,
    RootTransaction,
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
from shared.eventsourcing.projections.one_piece import OnePiece
from shared.eventsourcing.projections.read_model import ReadModel, Row

Columns = ReadOnlyColumnCollection[str, Any]

served = Table(
    "served",
    checkpoints.metadata,
    Column("family", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
)


_SERVED = OnePiece(select(served))
ASKED, REACHED = "served", "reached"
_Asked = tuple["ref[RootTransaction]", dict[str, Any]]


class Reached(NamedTuple):
    """The sequence up to which all that is asked is; `is_shown` unless rows of some are hidden
    until they are made, or have caught up."""

    sequence: int
    is_shown: bool


def read_all(connection: Connection) -> dict[str, str]:
    """The names of what is served, by family."""
    return dict(_SERVED.values(connection, {}))


def serve(connection: Connection, model: ReadModel) -> None:
    """Instead of whatever version was served before."""
    own = served.c.family == model.family
    connection.info.pop(ASKED, None)
    if not connection.execute(update(served).where(own).values(name=model.name)).rowcount:
        connection.execute(insert(served).values(family=model.family, name=model.name))


def withdraw(connection: Connection, name: str) -> None:
    """Its rows are gone."""
    connection.info.pop(ASKED, None)
    connection.execute(delete(served).where(served.c.name == name))


def version(connection: Connection, model: ReadModel) -> ReadModel | None:
    """The one to ask: this one, or the one that it replaces as long as it is not made; None if
    there was none before."""
    return _named(model, _names(connection).get(model.family))


def is_unknown(connection: Connection, model: ReadModel) -> bool:
    """Whether a version is served that newer code has made: this one stood still meanwhile."""
    return model.family in _names(connection) and version(connection, model) is None


def _names(connection: Connection) -> dict[str, str]:
    """What is served, asked once a transaction: all that is read in it is of one choice."""
    return _once(connection, ASKED, read_all)


def _reached(connection: Connection) -> dict[str, int]:
    """All checkpoints; asked once a transaction that moves none."""
    if connection.get_execution_options().get("reads_only", False):
        return _once(connection, REACHED, checkpoints.read_all)
    return checkpoints.read_all(connection)


def _once(
    connection: Connection, what: str, ask: Callable[[Connection], dict[str, Any]]
) -> dict[str, Any]:
    transaction = connection.get_transaction() or connection.begin()
    kept: _Asked | None = connection.info.get(what)
    if kept is None or kept[0]() is not transaction:
        kept = connection.info[what] = ref(transaction), ask(connection)
    return kept[1]


def rows_of(connection: Connection, model: ReadModel) -> FromClause:
    """The rows to ask, never those of one that is half made: of a first version there are none."""
    found = version(connection, model)
    if found is None:
        return select(model.table).where(false()).subquery(model.table.name)
    return found.table


def row_of(connection: Connection, model: ReadModel, key: str) -> Row | None:
    rows = rows_of(connection, model)
    chosen = select(rows).where(rows.c[model.key_column.name] == key)
    found = connection.execute(chosen).mappings().first()
    return dict(found) if found else None


def by_sequence(
    connection: Connection,
    model: ReadModel,
    limit: int,
    *,
    newest: bool = False,
    beyond: int | None = None,
) -> list[Row]:
    """Of a read model whose rows have the sequence at which they came: the oldest, or the newest;
    of those `beyond` one."""
    rows = rows_of(connection, model)
    order = rows.c.sequence.desc() if newest else rows.c.sequence
    chosen = select(rows).order_by(order).limit(limit)
    if beyond is not None:
        rest = rows.c.sequence < beyond if newest else rows.c.sequence > beyond
        chosen = chosen.where(rest)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def counts_of(connection: Connection, model: ReadModel) -> dict[str, int]:
    """How many rows there are of each sort. A version that keeps no counts yet is counted."""
    found = version(connection, model)
    if found is None or model.counts is None:
        return {}
    if found.counts_table is not None:
        return dict(connection.execute(select(found.counts_table)).all())
    return counted(map(dict, connection.execute(select(found.table)).mappings()), model.counts)


def position(connection: Connection, models: Sequence[ReadModel], stream: str) -> Reached:
    """Of what is served; of a model of which nothing is, how far that is made."""
    names, reached = _names(connection), _reached(connection)
    found = [_named(model, names.get(model.family)) for model in models]
    asked = [there or model for there, model in zip(found, models, strict=True)]
    own = [model.position_in(stream) for model in asked if stream in model.streams]
    return Reached(min(reached.get(name, 0) for name in own), all(found))


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
