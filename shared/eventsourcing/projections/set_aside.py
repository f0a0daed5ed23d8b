"""What a read model could not make of an event: kept aside, so that it stops nobody, and told."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.read_model import ReadModel

aside = Table(
    "set_aside",
    checkpoints.metadata,
    Column("model", String(80), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event", String(200), nullable=False),
    Column("error", String(200), nullable=False),
)


@dataclass(frozen=True)
class SetAside:
    """`model` is the name of its position in the stream, `event` the event's type; `error` the kind
    of error only: its text could quote what is private."""

    model: str
    sequence: int
    event: str
    error: str


def add(connection: Connection, found: Iterable[SetAside]) -> None:
    rows = [vars(each) for each in found]
    if rows:
        connection.execute(insert(aside), rows)


def counts(connection: Connection, models: Iterable[ReadModel]) -> dict[str, int]:
    """How many by model; none for a model of which nothing is set aside. What a retired one could
    not write nobody can heal, and nobody needs to."""
    names = {position: model.name for model in models for position in model.positions}
    own = aside.c.model.in_(names)
    found: dict[str, int] = {}
    for position, count in connection.execute(
        select(aside.c.model, func.count()).where(own).group_by(aside.c.model)
    ):
        found[names[position]] = found.get(names[position], 0) + count
    return found


def of_model(connection: Connection, model: ReadModel) -> list[SetAside]:
    """Oldest first."""
    own = aside.c.model.in_(model.positions)
    chosen = select(aside).where(own).order_by(aside.c.sequence)
    return [SetAside(**row) for row in connection.execute(chosen).mappings()]


def clear(connection: Connection, model: str) -> None:
    connection.execute(delete(aside).where(aside.c.model == model))
