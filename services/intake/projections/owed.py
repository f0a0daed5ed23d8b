"""What owners have to do, by when it is due; a page at a time, however much there is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from services.intake.projections.checks import HALF_DONE, read_model
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import row_of, rows_of


@dataclass(frozen=True)
class Asked:
    """Of `owners` by any of these names, or what is overdue of all where none is named; `after` a
    due date and check go on from there, at most `limit`. What is confidential is not for all."""

    owners: Collection[str] = ()
    after: tuple[datetime, str] | None = None
    limit: int = 50
    confidential: bool = False


def found(connection: Connection, asked: Asked) -> list[Row]:
    """What is not claimed done, nor goes on as another, the oldest due date first."""
    rows = rows_of(connection, read_model)
    if "hidden" not in rows.c:
        return []  # until the rows are made
    each = [rows.c.owner == owner for owner in asked.owners] or [rows.c.state == "overdue"]
    some = [row for one in each for row in _some(connection, rows, one, asked)]
    return sorted(some, key=lambda row: (row["due_at"], row["check_id"]))[: asked.limit]


def _some(connection: Connection, rows: Any, of: ColumnElement[bool], asked: Asked) -> list[Row]:
    """By one name: of several at once the database would sort all that there are."""
    chosen = select(rows).where(of, rows.c.done_at.is_(None), rows.c.state != HALF_DONE)
    if not asked.confidential:
        chosen = chosen.where(~rows.c.hidden)
    chosen = chosen.where(beyond(asked.after, rows.c.due_at, rows.c.check_id))
    chosen = chosen.order_by(rows.c.due_at, rows.c.check_id).limit(asked.limit)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def one(connection: Connection, check_id: str) -> Row | None:
    row = row_of(connection, read_model, check_id)
    return row if row and "hidden" in row else None
