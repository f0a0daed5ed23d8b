"""Asks for many rows in one piece of JSON, for threads that read beside a busy event loop.

SQLite's driver gives up the interpreter lock for each row and has to wait for it again: a page of
fifty rows waited fifty times.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Float, Select, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from shared.eventsourcing.projections.read_model import Row

Given = Mapping[str, Any]


class _OnePiece(FunctionElement[str]):
    """An array of all rows, each an array of what is named here; nothing where there are none."""

    type = String()
    inherit_cache = True


@compiles(_OnePiece, "sqlite")
def _in_sqlite(element: _OnePiece, compiler: SQLCompiler, **named: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **named)}))"


@compiles(_OnePiece, "postgresql")
def _in_postgresql(element: _OnePiece, compiler: SQLCompiler, **named: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **named)})) AS TEXT)"


class OnePiece:
    """Made once and asked often: what differs each time is a parameter of `chosen`. Its order is
    not kept; days come as texts, for JSON has none, and numbers with fifteen digits at most."""

    def __init__(self, chosen: Select[Any]) -> None:
        columns = chosen.selected_columns
        self._names = columns.keys()
        self._floats = [str(column.key) for column in columns if isinstance(column.type, Float)]
        self._asked = chosen.with_only_columns(_OnePiece(*columns), maintain_column_froms=True)

    def rows(self, connection: Connection, given: Given) -> list[Row]:
        names = self._names
        rows = [dict(zip(names, each, strict=True)) for each in self.values(connection, given)]
        for name in self._floats:  # PostgreSQL writes a whole one without its point
            for row in rows:
                if row[name] is not None:
                    row[name] = float(row[name])
        return rows

    def values(self, connection: Connection, given: Given) -> list[list[Any]]:
        return list(json.loads(self._found(connection, given) or "[]"))

    def _found(self, connection: Connection, given: Given) -> str | None:
        """In SQLite past the library, which takes as long as the database; where that fails it is
        asked after all, to say so in its own terms."""
        if connection.dialect.name == "sqlite":
            if not connection.in_transaction():
                connection.begin()
            statement, order = self._raw
            values = [_stored(given[name]) for name in order]
            driver: Any = connection.connection.driver_connection
            with suppress(sqlite3.Error):
                found: tuple[str] = driver.execute(statement, values).fetchone()
                return found[0]
        return connection.execute(self._asked, given).scalar()

    @cached_property
    def _raw(self) -> tuple[str, list[str]]:
        compiled = self._asked.compile(dialect=sqlite.dialect())
        return compiled.string, list(compiled.positiontup or ())


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
