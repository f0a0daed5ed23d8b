"""Many rows of a table at once in SQLite, which takes one after the other from the driver's own
loop."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import DATE

Row = dict[str, Any]
Values = list[tuple[Any, ...]]


@lru_cache(10_000)
def _day(value: date | None) -> str | None:
    """As the library stores it."""
    return None if value is None else value.isoformat()


class Bulk:
    """Rows are written past the library, which made a dictionary of its own for each: that cost
    more than the database did. How a type is stored it is asked all the same."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        (key,) = table.primary_key.columns
        self._key = key.name
        self._columns = {column.name: column for column in table.columns}
        self._dialect = dialect
        self._converts = {column.name: self._stored(column) for column in table.columns}
        self._quote = dialect.identifier_preparer.quote
        self._table = dialect.identifier_preparer.format_table(table)
        self._select = select(table).where(self._among(key))
        self._delete = delete(table).where(self._among(key))

    def read(self, connection: Connection, keys: Sequence[str]) -> dict[str, Row]:
        """Those that are there, by key."""
        found = self._found(connection, keys)
        rows = [dict(zip(self._columns, row, strict=True)) for row in found]
        return {row[self._key]: row for row in rows}

    def add(self, connection: Connection, rows: Sequence[Row]) -> None:
        if rows:
            names = list(self._columns)
            self._write(connection, self._insert(names), names, self._values(names, rows))

    def change(self, connection: Connection, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """These columns of rows that are there already."""
        names = [*columns, self._key]
        self._write(connection, self._update(columns), names, self._values(names, rows))

    def remove(self, connection: Connection, keys: Sequence[str]) -> None:
        if keys:
            connection.execute(self._delete, {"keys": self._chosen(keys)})

    def _found(self, connection: Connection, keys: Sequence[str]) -> Iterable[Sequence[Any]]:
        """Past the library, which makes an object of each row; where that fails it is asked after
        all, to say so in its own terms."""
        statement, converts = self._raw
        driver: Any = connection.connection.driver_connection
        errors: Any = self._dialect.dbapi
        try:
            found = driver.execute(statement, (self._chosen(keys),)).fetchall()
        except errors.Error:
            return self._found_by_library(connection, keys)
        columns = zip(converts, zip(*found, strict=True), strict=False)
        return zip(
            *[map(each, column) if each else column for each, column in columns], strict=True
        )

    def _found_by_library(
        self, connection: Connection, keys: Sequence[str]
    ) -> Iterable[Sequence[Any]]:
        return connection.execute(self._select, {"keys": self._chosen(keys)}).all()

    @cached_property
    def _raw(self) -> tuple[str, list[Callable[[Any], Any] | None]]:
        """What is asked, and how each column of the answer is read."""
        statement = (
            f"SELECT {self._listed(list(self._columns))} FROM {self._table}"  # noqa: S608  # nosec B608
            f" WHERE {self._quote(self._key)} IN (SELECT value FROM json_each(?))"
        )
        types = [column.type.dialect_impl(self._dialect) for column in self._columns.values()]
        return statement, [each.result_processor(self._dialect, None) for each in types]

    def _values(self, names: Sequence[str], rows: Sequence[Row]) -> Values:
        """As the driver takes them. Raises KeyError if a row lacks a column."""
        columns = []
        for name in names:
            values = map(itemgetter(name), rows)
            convert = self._converts[name]
            columns.append(values if convert is None else map(convert, values))
        return list(zip(*columns, strict=True))

    def _stored(self, column: Column[Any]) -> Callable[[Any], Any] | None:
        """SQLite has no days; the library writes them out anew each time."""
        into = column.type.dialect_impl(self._dialect)
        return _day if isinstance(into, DATE) else into.bind_processor(self._dialect)

    def _listed(self, names: Sequence[str]) -> str:
        return ", ".join([self._quote(name) for name in names])

    def _among(self, key: Column[Any]) -> ColumnElement[bool]:
        chosen = func.json_each(bindparam("keys")).table_valued("value")
        return key.in_(select(chosen.c.value))

    def _chosen(self, keys: Sequence[str]) -> Any:
        return json.dumps(keys)

    def _insert(self, names: Sequence[str]) -> str:
        places = ", ".join("?" * len(names))
        return f"INSERT INTO {self._table} ({self._listed(names)}) VALUES ({places})"  # noqa: S608  # nosec B608

    def _update(self, columns: Sequence[str]) -> str:
        changes = ", ".join([f"{self._quote(name)} = ?" for name in columns])
        return f"UPDATE {self._table} SET {changes} WHERE {self._quote(self._key)} = ?"  # noqa: S608  # nosec B608

    def _write(
        self,
        connection: Connection,
        statement: str,
        names: Sequence[str],  # noqa: ARG002
        values: Values,
    ) -> None:
        connection.exec_driver_sql(statement, values)
