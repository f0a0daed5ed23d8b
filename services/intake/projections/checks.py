"""Checks by owner, due date and state: the sweeps' calendar, and who was late as known when."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    or_,
    select,
)
from sqlalchemy import Row as Found

from shared.contracts.check import (
    CheckEvent,
    CheckOpened,
    CheckOverdue,
    CheckShielded,
    CheckWithdrawn,
    DoneClaimed,
    OverdueWithdrawn,
    ShieldLifted,
)
from shared.contracts.checking import CheckHalved, ClaimRefuted, ClaimUpheld
from shared.contracts.clock import CheckPaused, CheckResumed, DueDateMoved
from shared.contracts.event import Event
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import counts_of, rows_of

metadata = MetaData()

EVER_OVERDUE = "ever overdue"
HALF_DONE = "half done"


def _rows(name: str, *more: Column[Any]) -> Table:
    table = Table(
        name,
        metadata,
        Column("check_id", String(32), primary_key=True),
        Column("source", String(60), nullable=False),
        Column("source_id", String(200), nullable=False),
        Column("owner", String(300), nullable=False),
        Column("place", String(120), nullable=False),
        Column("sector", String(60), nullable=False),
        Column("state", String(10), nullable=False),
        Column("due_at", Instant, nullable=False),
        Column("done_at", Instant),
        Column("overdue_known_at", Instant),
        Column("withdrawn_known_at", Instant),
        *more,
    )
    Index(f"{name}_calendar", table.c.state, table.c.due_at, table.c.check_id)
    return table


def _with_reports(name: str, *more: Column[Any]) -> Table:
    table = _rows(name, Column("report_id", String(32)), Column("opened_at", Instant), *more)
    led_to = table.c.report_id.is_not(None)
    Index(f"{name}_of_report", table.c.report_id, sqlite_where=led_to, postgresql_where=led_to)
    return table


checks = _with_reports(
    "checks_v4",
    Column("task", String(300)),
    Column("hidden", Boolean),
    Column("paused", Boolean),
    Column("withdrawn", Boolean),
)
TO_DO = checks.c.done_at.is_(None)
Index(
    "checks_v4_of_owner",
    checks.c.owner,
    checks.c.due_at,
    checks.c.check_id,
    sqlite_where=TO_DO,
    postgresql_where=TO_DO,
)


def keys(event: Event) -> Collection[str]:
    return (event.check_id,) if isinstance(event, CheckEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckOpened() as event:
            rows[event.check_id] = {
                "check_id": event.check_id,
                "source": event.source,
                "source_id": event.source_id,
                "owner": event.owner,
                "place": event.place,
                "sector": event.sector,
                "state": "open",
                "due_at": event.due_at,
                "done_at": None,
                "overdue_known_at": None,
                "withdrawn_known_at": None,
            }
        case CheckOverdue() as event:
            rows[event.check_id].update(state="overdue", overdue_known_at=recorded.recorded_at)
        case DoneClaimed() as event:
            rows[event.check_id].update(
                state="done late" if event.late else "done", done_at=event.done_at
            )
        case OverdueWithdrawn() as event:
            rows[event.check_id].update(withdrawn_known_at=recorded.recorded_at)


def apply_with_reports(rows: Rows, recorded: RecordedEvent) -> None:
    """By the report that led to it: rows of their own took as long as these."""
    apply(rows, recorded)
    if isinstance(event := recorded.event, CheckOpened):
        rows[event.check_id].update(report_id=event.report_id, opened_at=event.opened_at)


def apply_as_it_stands(rows: Rows, recorded: RecordedEvent) -> None:
    """By who has it now, with what is to be done; confidential, shielded or withdrawn; as its clock
    runs, and as checkers found it: `paused` stays where it was claimed done meanwhile."""
    match recorded.event:
        case CheckOpened() as event:
            apply_with_reports(rows, recorded)
            rows[event.check_id].update(
                task=event.task, hidden=event.confidential, paused=False, withdrawn=False
            )
        case CheckHandedOver() as event:
            rows[event.check_id].update(owner=event.to)
        case CheckShielded() | ShieldLifted() as event:
            rows[event.check_id].update(hidden=isinstance(event, CheckShielded))
        case CheckWithdrawn() as event:
            rows[event.check_id].update(withdrawn=True)
        case CheckPaused() as event:
            rows[event.check_id].update(state="paused", paused=True)
        case CheckResumed() as event:
            rows[event.check_id].update(state="open", due_at=event.due_at, paused=False)
        case DueDateMoved() as event:
            rows[event.check_id].update(state="open", due_at=event.due_at)
        case CheckOverdue() as event:
            if event.tier == 1:
                apply(rows, recorded)
                rows[event.check_id].update(withdrawn_known_at=None)
        case ClaimRefuted() | ClaimUpheld() | CheckHalved() as event:
            rows[event.check_id].update(_as_found(event, rows[event.check_id]))
        case _:
            apply(rows, recorded)


def _as_found(event: ClaimRefuted | ClaimUpheld | CheckHalved, row: Row) -> Row:
    match event:
        case ClaimRefuted():
            running = "paused" if row["paused"] else "open"
            is_raised = row["overdue_known_at"] and not row["withdrawn_known_at"]
            return {"state": "overdue" if is_raised else running, "done_at": None}
        case ClaimUpheld():
            return {"state": "done late" if event.late else "done", "done_at": event.done_at}
        case CheckHalved():
            return {"state": HALF_DONE}


def sorts(row: Row) -> tuple[str, ...]:
    """By state, and all that were raised and not withdrawn."""
    raised = row["overdue_known_at"] is not None and row["withdrawn_known_at"] is None
    return (row["state"], EVER_OVERDUE) if raised else (row["state"],)


INTAKE = log_of("intake")
without_counts = ReadModel("checks_v1", INTAKE, _rows("checks_v1"), keys, apply)
TAKES: frozenset[type[Event]] = frozenset(
    (CheckOpened, CheckOverdue, DoneClaimed, OverdueWithdrawn)
)
without_reports = ReadModel(
    "checks_v2", INTAKE, _rows("checks_v2"), keys, apply, without_counts, sorts, takes=TAKES
)
without_owners = ReadModel(
    "checks_v3",
    INTAKE,
    _with_reports("checks_v3"),
    keys,
    apply_with_reports,
    without_reports,
    sorts,
    takes=TAKES,
)
MORE = frozenset[type[Event]](
    (
        *(CheckHandedOver, CheckShielded, ShieldLifted, CheckWithdrawn),
        *(CheckPaused, CheckResumed, DueDateMoved),
        *(ClaimRefuted, ClaimUpheld, CheckHalved),
    )
)
read_model = ReadModel(
    "checks_v4",
    INTAKE,
    checks,
    keys,
    apply_as_it_stands,
    without_owners,
    sorts,
    takes=TAKES | MORE,
)


overdue = DueColumn(read_model, "due_at", lambda rows: rows.state == "open", "overdue")


def late_as_known_on(
    connection: Connection,
    day: datetime,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> list[Found[str, str, datetime]]:
    """(check id, owner, due date) of every check that was known to be overdue at that moment; of
    those behind `after`, a due date and check id, at most `limit`.

    A check that was withdrawn later is in the list for days before the withdrawal.
    """
    rows = rows_of(connection, read_model).c
    chosen = (
        select(rows.check_id, rows.owner, rows.due_at)
        .where(
            rows.overdue_known_at <= day,
            or_(rows.withdrawn_known_at.is_(None), rows.withdrawn_known_at > day),
            beyond(after, rows.due_at, rows.check_id),
        )
        .order_by(rows.due_at, rows.check_id)
        .limit(limit)
    )
    return list(connection.execute(chosen).all())


def not_public(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of them that are confidential or withdrawn; all until the rows are made."""
    rows = rows_of(connection, read_model).c
    if "withdrawn" not in rows:
        return set(ids)
    chosen = select(rows.check_id).where(rows.check_id.in_(ids), rows.hidden | rows.withdrawn)
    return set(connection.execute(chosen).scalars())


def count_by_state(connection: Connection) -> dict[str, int]:
    """By state; and `opened` in all, and `ever overdue`: all that were raised and not withdrawn."""
    counts = counts_of(connection, read_model)
    ever_overdue = counts.pop(EVER_OVERDUE, 0)
    return counts | {"opened": sum(counts.values()), EVER_OVERDUE: ever_overdue}
