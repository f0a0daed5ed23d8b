"""Checks with owner, days, and what was taken back; those that are overdue in the order of their
raising. From what is public only."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    MetaData,
    String,
    Table,
    select,
)

from services.publishing.projections import overdue_v1
from services.publishing.projections.newest import newest_of
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of, version

metadata = MetaData()

overdue = Table(
    "overdue_v2",
    metadata,
    Column("check", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("owner", String(300)),
    Column("task", String(300)),
    Column("due_on", Date),
    Column("done_on", Date),
    Column("late", Boolean),
    Column("cleared", Boolean, nullable=False),
    Column("withdrawn_on", Date),
    Column("reason", String(300)),
    Column("event_id", String(32)),
    Column("raised_at", Instant),
    Column("raised", BigInteger),
    Column("changed_at", Instant),
    Column("changed", BigInteger),
    Column("sequence", BigInteger),
)
"""`raised` and `changed` are sequences of PUBLIC, `sequence` is that of the raising as long as it
is overdue."""


def _index(name: str, *columns: Column[Any]) -> None:
    """Of the rows that have a sequence: most checks are never overdue."""
    there = columns[-1].is_not(None)
    Index(f"overdue_v2_{name}", *columns, sqlite_where=there, postgresql_where=there)


_index("newest", overdue.c.sequence)
_index("newest_of_place", overdue.c.place, overdue.c.sequence)
_index("changed", overdue.c.changed)
_index("changed_of_place", overdue.c.place, overdue.c.changed)
_index("changed_of_sector", overdue.c.sector, overdue.c.changed)

NOTHING: Row = {
    **dict.fromkeys(("owner", "task", "due_on", "done_on", "late", "withdrawn_on", "reason")),
    **dict.fromkeys(("event_id", "raised_at", "raised", "changed_at", "changed", "sequence")),
    "cleared": False,
}


def keys(event: Event) -> Collection[str]:
    is_check = isinstance(event, public.PublicCheckEvent)
    is_check |= isinstance(event, public.PublicWithdrawn) and event.what == "check"
    return (event.aggregate_id,) if is_check else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept but the reason, and nothing is taken in any more."""
    event = recorded.event
    row = rows.get(event.aggregate_id)
    if row is None:
        row = rows[event.aggregate_id] = _unheard(event)
    if row["withdrawn_on"]:
        return
    match event:
        case public.PublicWithdrawn():
            row |= dict.fromkeys(("owner", "task", "due_on", "done_on", "late", "sequence"))
            row |= {"withdrawn_on": event.on, "reason": event.reason}
        case public.DoneClaimed() if row["late"] is None:
            row |= {"done_on": event.done_on, "late": event.late}
        case public.OverdueWithdrawn() if not row["cleared"]:
            row |= {"cleared": True, "sequence": None, "done_on": event.done_on, "late": False}
        case public.CheckOverdue() if row["event_id"] is None:
            raised = recorded.sequence
            row |= {"task": event.task, "event_id": recorded.id, "raised": raised}
            row |= {"raised_at": recorded.recorded_at, "sequence": raised}
            row |= {"sequence": None} if row["cleared"] else {}
        case _:
            return
    if row["event_id"]:
        row |= {"changed_at": recorded.recorded_at, "changed": recorded.sequence}


def _unheard(event: Any) -> Row:
    where = {"check": event.aggregate_id, "place": event.place, "sector": event.sector}
    if isinstance(event, public.PublicCheckEvent):
        where |= {"owner": event.owner, "due_on": event.due_on}
    return NOTHING | where


read_model = ReadModel("overdue_v2", log_of("public"), overdue, keys, apply, overdue_v1.read_model)


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
    rows = rows_of(connection, read_model)
    found = connection.execute(select(rows).where(rows.c.check == check)).mappings().first()
    return dict(found) if found else None


def is_former(connection: Connection) -> bool:
    """Whether the rows are still those of the version before, which knows the overdue ones only."""
    return version(connection, read_model) is overdue_v1.read_model


def _of_today(row: Row) -> Row:
    done_at = row["done_at"]
    return row | {"due_on": row["due_at"].date(), "done_on": done_at.date() if done_at else None}
