"""A read model: one table, the rows that an event touches, and what it does to them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.types import TypeDecorator

from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent

Row = dict[str, Any]
Rows = dict[str, Row]
"""Rows by primary key, as far as a batch of events touches them."""

KEYS_AT_ONCE = 500


class Instant(TypeDecorator[datetime]):
    """A moment in UTC as sortable text, the same in SQLite and PostgreSQL."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        in_utc = value.astimezone(UTC) if value.utcoffset() else value
        return in_utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


@dataclass(frozen=True)
class ReadModel:
    """Rows derived from one stream; a changed one gets a new version in its name and table.

    `keys` tells the primary keys of the rows that an event touches, `apply` changes them: it may
    read, replace, add or pop those rows and nothing else.
    """

    name: str
    stream: str
    table: Table
    keys: Callable[[Event], Collection[str]]
    apply: Callable[[Rows, RecordedEvent], None]

    def __post_init__(self) -> None:
        # SQLite keeps the rows in the key's own tree then, instead of in two.
        self.table.dialect_options["sqlite"]["with_rowid"] = False

    def write(self, connection: Connection, events: list[RecordedEvent]) -> None:
        """Apply a batch of events, oldest first, with a handful of statements."""
        touching = [recorded for recorded in events if self.keys(recorded.event)]
        touched = {key for recorded in touching for key in self.keys(recorded.event)}
        if not touched:
            return
        before = self._rows(connection, sorted(touched))
        rows = {key: dict(row) for key, row in before.items()}
        for recorded in touching:
            self.apply(rows, recorded)
        self._add(connection, [row for key, row in rows.items() if key not in before])
        self._change(connection, before, rows)
        self._remove(connection, [key for key in before if key not in rows])

    def _add(self, connection: Connection, rows: list[Row]) -> None:
        if rows:
            connection.execute(insert(self.table), rows)

    def _change(self, connection: Connection, before: Rows, rows: Rows) -> None:
        """One statement for each set of columns that changed: most events touch few of them."""
        changes: dict[tuple[str, ...], list[Row]] = {}
        for key, old in before.items():
            new = rows.get(key, old)
            if columns := tuple([name for name, value in new.items() if value != old[name]]):
                values = {name: new[name] for name in columns}
                changes.setdefault(columns, []).append(values | {"key_": key})
        for columns, values_of_rows in changes.items():
            statement = (
                update(self.table)
                .where(self.key_column == bindparam("key_"))
                .values({name: bindparam(name) for name in columns})
            )
            connection.execute(statement, values_of_rows)

    def _remove(self, connection: Connection, keys: list[str]) -> None:
        if keys:
            gone = delete(self.table).where(self.key_column == bindparam("key_"))
            connection.execute(gone, [{"key_": key} for key in keys])

    @property
    def key_column(self) -> Any:
        (column,) = self.table.primary_key.columns
        return column

    def _rows(self, connection: Connection, keys: list[str]) -> Rows:
        column = self.key_column
        found: Rows = {}
        for start in range(0, len(keys), KEYS_AT_ONCE):
            chosen = select(self.table).where(column.in_(keys[start : start + KEYS_AT_ONCE]))
            for row in connection.execute(chosen).mappings():
                found[row[column.name]] = dict(row)
        return found
