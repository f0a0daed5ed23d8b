"""Checks as the version before kept them: each with its owner, for none waited for an editor."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    MetaData,
    String,
    Table,
)

from services.publishing.projections import overdue_v1
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows

metadata = MetaData()


def made(name: str, metadata: MetaData, *more: Column[Any]) -> Table:
    """`raised` and `changed` are sequences of PUBLIC, `sequence` is that of the raising as long as
    it is overdue."""
    table = Table(
        name,
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
        *more,
    )
    place, sector = table.c.place, table.c.sector
    changed, sequence = table.c.changed, table.c.sequence
    _index(f"{name}_newest", sequence)
    _index(f"{name}_newest_of_place", place, sequence)
    _index(f"{name}_changed", changed)
    _index(f"{name}_changed_of_place", place, changed)
    _index(f"{name}_changed_of_sector", sector, changed)
    return table


def _index(name: str, *columns: Column[Any]) -> None:
    """Of the rows that have a sequence: most checks are never overdue."""
    there = columns[-1].is_not(None)
    Index(name, *columns, sqlite_where=there, postgresql_where=there)


overdue = made("overdue_v2", metadata)

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
