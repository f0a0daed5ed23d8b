"""Many rows of a table at once in PostgreSQL."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, TEXT, Column, ColumnElement, Connection, bindparam, cast, func, select
from sqlalchemy.exc import DBAPIError

from shared.eventsourcing.projections.bulk_sqlite import Bulk, Row, Values


class PostgresBulk(Bulk):
    """New rows by COPY, changes in one JSON document: one by one, each has its own way to the
    server."""

    def _found(self, connection: Connection, keys: Sequence[str]) -> Iterable[Sequence[Any]]:
        return self._found_by_library(connection, keys)

    def add(self, connection: Connection, rows: Sequence[Row]) -> None:
        names = list(self._columns)
        if values := self._values(names, rows):
            listed = f"{self._table} ({self._listed(names)})"
            self._copy(connection, f"COPY {listed} FROM STDIN".replace("%%", "%"), values)

    def _copy(self, connection: Connection, statement: str, values: Values) -> None:
        """Past the library, but its errors are the library's."""
        driver = connection.connection.driver_connection
        errors: Any = self._dialect.dbapi
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[union-attr]
                for row in values:
                    copy.write_row(row)
        except errors.Error as error:
            raise DBAPIError.instance(
                statement, None, error, errors.Error, dialect=self._dialect
            ) from error

    def _among(self, key: Column[Any]) -> ColumnElement[bool]:
        chosen = func.json_array_elements_text(cast(bindparam("keys", type_=TEXT), JSON))
        return key.in_(select(chosen.column_valued("chosen")))

    def _update(self, columns: Sequence[str]) -> str:
        changes = [f"{self._quote(name)} = given.{self._quote(name)}" for name in columns]
        key = self._quote(self._key)
        return (
            f"UPDATE {self._table} SET {', '.join(changes)}"  # noqa: S608  # nosec B608
            f" FROM {self._given([*columns, self._key])} WHERE {self._table}.{key} = given.{key}"
        )

    def _given(self, names: Sequence[str]) -> str:
        """With the types of the columns: what is too long for one is refused here already."""
        types = [self._columns[name].type.compile(self._dialect) for name in names]
        columns = [f"{self._quote(name)} {kind}" for name, kind in zip(names, types, strict=True)]
        return f"json_to_recordset(%s::json) AS given ({', '.join(columns)})"

    def _write(
        self, connection: Connection, statement: str, names: Sequence[str], values: Values
    ) -> None:
        rows = [dict(zip(names, row, strict=True)) for row in values]
        connection.exec_driver_sql(statement, (json.dumps(rows, default=date.isoformat),))
