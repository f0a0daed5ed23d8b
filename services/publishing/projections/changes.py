"""Rows by the sequence of PUBLIC at which they last changed: what a feed tells, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, FromClause, Select, func, select

from shared.eventsourcing.projections.read_model import ReadModel, Row
from shared.eventsourcing.projections.serving import rows_of


@dataclass(frozen=True)
class Changes:
    """Of `model`, whose `column` has the sequence, none where there is nothing to tell; of some
    places or all, of a sector or all."""

    model: ReadModel
    column: str
    places: Collection[str] | None = None
    sector: str | None = None

    def since(self, connection: Connection, after: int, least: int) -> list[Row]:
        """All behind a sequence, and where those are fewer than `least`, so many."""
        table = rows_of(connection, self.model)
        by = table.c[self.column]
        found = self._rows(connection, self._of(select(table), table).where(by > after))
        if len(found) >= least:
            return found
        return self._rows(connection, self._of(select(table), table).limit(least))

    def between(self, connection: Connection, after: int, through: int) -> list[Row]:
        table = rows_of(connection, self.model)
        by = table.c[self.column]
        chosen = self._of(select(table), table).where(by > after, by <= through)
        return self._rows(connection, chosen)

    def last(self, connection: Connection, through: int) -> int | None:
        """The last sequence up to one, at which there is something."""
        table = rows_of(connection, self.model)
        by = table.c[self.column]
        chosen = self._of(select(func.max(by)), table).where(by <= through)
        found: int | None = connection.execute(chosen).scalar()
        return found

    def first(self, connection: Connection, after: int) -> int | None:
        """The first sequence behind one, at which there is something."""
        table = rows_of(connection, self.model)
        by = table.c[self.column]
        chosen = self._of(select(func.min(by)), table).where(by > after)
        found: int | None = connection.execute(chosen).scalar()
        return found

    def _rows(self, connection: Connection, chosen: Select[Any]) -> list[Row]:
        ordered = chosen.order_by(chosen.selected_columns[self.column].desc())
        return [dict(row) for row in connection.execute(ordered).mappings()]

    def _of(self, chosen: Select[Any], table: FromClause) -> Select[Any]:
        chosen = chosen.where(table.c[self.column].is_not(None))
        if self.places is not None:
            chosen = chosen.where(table.c.place.in_(self.places))
        if self.sector is not None:
            chosen = chosen.where(table.c.sector == self.sector)
        return chosen
