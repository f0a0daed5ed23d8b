"""A read model: one table, the rows that an event touches, and what it does to them."""

from collections.abc import Callable, Iterable
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
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

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
    keys: Callable[[Event], Iterable[str]]
    apply: Callable[[Rows, RecordedEvent], None]

    def write(self, connection: Connection, events: list[RecordedEvent]) -> None:
        """Apply a batch of events, oldest first, with a handful of statements."""
        touched = {key for recorded in events for key in self.keys(recorded.event)}
        if not touched:
            return
        before = self._rows(connection, sorted(touched))
        rows = {key: dict(row) for key, row in before.items()}
        for recorded in events:
            self.apply(rows, recorded)
        column = self.key_column
        if added := [row for key, row in rows.items() if key not in before]:
            connection.execute(insert(self.table), added)
        if changed := [
            row | {"key_": key} for key, row in rows.items() if key in before and row != before[key]
        ]:
            statement = update(self.table).where(column == bindparam("key_"))
            names = [c.name for c in self.table.columns if c is not column]
            connection.execute(
                statement.values({name: bindparam(name) for name in names}), changed
            )
        if gone := [{"key_": key} for key in before if key not in rows]:
            connection.execute(delete(self.table).where(column == bindparam("key_")), gone)

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
