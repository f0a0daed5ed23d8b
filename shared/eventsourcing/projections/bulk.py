"""Reads, adds, changes and removes many rows of a table at once, with a statement for each."""

from sqlalchemy import Dialect, Table

from shared.eventsourcing.projections.bulk_postgres import PostgresBulk
from shared.eventsourcing.projections.bulk_sqlite import Bulk

_known: dict[tuple[Table, str], Bulk] = {}


def bulk(table: Table, dialect: Dialect) -> Bulk:
    if (table, dialect.name) not in _known:
        kind = PostgresBulk if dialect.name == "postgresql" else Bulk
        _known[table, dialect.name] = kind(table, dialect)
    return _known[table, dialect.name]
