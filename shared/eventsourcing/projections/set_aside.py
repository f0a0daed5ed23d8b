"""What a read model could not make of an event: kept aside, so that it stops nobody, and told."""

from collections.abc import Collection, Iterable
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
    """`event` is its type; `error` the kind of error only: its text could quote what is private."""

    model: str
    sequence: int
    event: str
    error: str


def add(connection: Connection, found: Iterable[SetAside]) -> None:
    rows = [vars(each) for each in found]
    if rows:
        connection.execute(insert(aside), rows)


def counts(connection: Connection, models: Collection[str]) -> dict[str, int]:
    """How many by model; none for a model of which nothing is set aside. What a retired one could
    not write nobody can heal, and nobody needs to."""
    chosen = (
        select(aside.c.model, func.count()).where(aside.c.model.in_(models)).group_by(aside.c.model)
    )
    return {model: count for model, count in connection.execute(chosen)}  # noqa: C416  a row is no pair to `dict`


def of_model(connection: Connection, model: str) -> list[SetAside]:
    """Oldest first."""
    chosen = select(aside).where(aside.c.model == model).order_by(aside.c.sequence)
    return [SetAside(**row) for row in connection.execute(chosen).mappings()]


def clear(connection: Connection, model: str) -> None:
    connection.execute(delete(aside).where(aside.c.model == model))
