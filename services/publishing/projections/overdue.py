"""Checks with owner, days, and what was taken back; those that are overdue in the order of their
raising. From what is public only: who has no owner waits for an editor.

How each was kept is counted beside, by owner, place, sector and month of the due day, and whether
anybody looked at what was claimed.
"""

from collections.abc import Collection

from sqlalchemy import Column, ColumnElement, Connection, Date, Integer, MetaData, String, false

from services.publishing.projections import (
    claimed,
    overdue_v1,
    overdue_v5,
    promised,
)
from services.publishing.projections.newest import newest_of
from shared.contracts.event import Event
from shared.contracts.public_checking import ClaimUnchecked
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import Columns, row_of, version

metadata = MetaData()
overdue = overdue_v5.made(
    "overdue_v6",
    metadata,
    Column("reached", Integer),
    Column("said_on", Date),
    Column("found", String(10)),
)


def keys(event: Event) -> Collection[str]:
    return (event.check,) if isinstance(event, ClaimUnchecked) else overdue_v5.keys(event)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, ClaimUnchecked):
        overdue_v5.apply(rows, recorded)
    for key in keys(event):
        if row := rows.get(key):
            claimed.apply(row, event)


def sorts(row: Row) -> tuple[str, ...]:
    return (*promised.sorts(row), *claimed.sorts(row))


read_model = ReadModel(
    "overdue_v6",
    log_of("public"),
    overdue,
    keys,
    apply,
    overdue_v5.read_model,
    sorts,
)


def newest(
    connection: Connection,
    limit: int,
    places: Collection[str] | None = None,
    before: int | None = None,
) -> list[Row]:
    """The checks raised last, of some places or of all; `before` a sequence goes on from there."""
    found = newest_of(connection, read_model, limit, places, before)
    return [_of_today(row) for row in found] if is_former(connection) else found


def one(connection: Connection, check: str) -> Row | None:
    """A check, whatever became of it. Of an older version's rows nobody can tell."""
    row = row_of(connection, read_model, check)
    is_to_come = row and "due_on" in row and row["due_on"] is None and row["withdrawn_on"] is None
    return None if is_to_come else row


def is_paused(rows: Columns) -> ColumnElement[bool]:
    """Versions before knew nothing of that."""
    return rows.paused.is_(True) if "paused" in rows else false()


def is_halved(rows: Columns) -> ColumnElement[bool]:
    """Versions before knew nothing of that, either."""
    return rows.halved_on.is_not(None) if "halved_on" in rows else false()


def is_former(connection: Connection) -> bool:
    """Whether the rows are still those of the first version, which knows the overdue ones only."""
    return version(connection, read_model) is overdue_v1.read_model


def is_counted(connection: Connection) -> bool:
    """Whether there are counts of how they were kept: versions before had none."""
    return version(connection, read_model) is read_model


def _of_today(row: Row) -> Row:
    done_at = row["done_at"]
    return row | {"due_on": row["due_at"].date(), "done_on": done_at.date() if done_at else None}
