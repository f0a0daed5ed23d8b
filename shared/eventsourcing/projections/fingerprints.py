"""What a read model is made by, as a digest beside its position: its tables, and the code of its
fold."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, String, Table, delete, insert, select

from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.fold_code import code_of
from shared.eventsourcing.projections.read_model import ReadModel

fingerprints = Table(
    "fingerprints",
    checkpoints.metadata,
    Column("name", String(80), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
)


class ReadModelChangedError(Exception):
    """The rows that are there were made by other code, or stand in tables of another form."""


def check(connection: Connection, model: ReadModel) -> None:
    """Raises ReadModelChangedError."""
    if read(connection, model.name) != fingerprint(model):
        raise ReadModelChangedError(
            f"the table or the fold of the read model {model.name} is not what its rows were made"
            " by. Give the changed one a new version in its name and its tables, and it is made"
            f" beside the old one; or stop its service and run `tribune rebuild {model.name}`"
        )


def read(connection: Connection, name: str) -> str | None:
    chosen = select(fingerprints.c.fingerprint).where(fingerprints.c.name == name)
    return connection.execute(chosen).scalar()


def keep(connection: Connection, model: ReadModel) -> None:
    forget(connection, model.name)
    row = {"name": model.name, "fingerprint": fingerprint(model)}
    connection.execute(insert(fingerprints).values(row))


def forget(connection: Connection, name: str) -> None:
    connection.execute(delete(fingerprints).where(fingerprints.c.name == name))


def fingerprint(model: ReadModel) -> str:
    """The same on every database and Python. Comments, docstrings and annotations are no part of
    it, nor is what the fold uses from outside its service: contracts have versions of their own."""
    tables = [_form(table) for table in model.tables]
    return sha256(repr((tables, list(code_of(model)))).encode()).hexdigest()


def _form(table: Table) -> list[Any]:
    columns = [
        (
            column.name,
            type(column.type).__name__,
            getattr(column.type, "length", None),
            column.nullable,
            column.primary_key,
        )
        for column in table.columns
    ]
    indexes = [
        (str(index.name), index.unique, [column.name for column in index.columns])
        for index in table.indexes
    ]
    return [table.name, columns, sorted(indexes)]
