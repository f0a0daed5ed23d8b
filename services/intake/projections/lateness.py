"""What was ever late: in effect since when and until when, and since when we know each of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    or_,
    select,
)

from services.intake.projections.ordered import beyond
from shared.contracts.check import CheckEvent, CheckOverdue, DoneClaimed, OverdueWithdrawn
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

lateness = Table(
    "lateness_v1",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("owner", String(300), nullable=False),
    Column("waits", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_known_at", Instant),
    Column("withdrawn_known_at", Instant),
)
Index("lateness_v1_calendar", lateness.c.waits, lateness.c.due_at, lateness.c.check_id)
Index("lateness_v1_by_due", lateness.c.due_at, lateness.c.check_id)

SETTLED = 0
"""It waits for no further tier; else it waits for this one."""


def keys(event: Event) -> Collection[str]:
    return (event.check_id,) if isinstance(event, CheckEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what was never late nothing is kept."""
    event, at = recorded.event, recorded.recorded_at
    match event, rows.get(event.aggregate_id):
        case CheckOverdue(tier=1), _:
            rows[event.check_id] = _raised(event, at)
        case CheckOverdue(), dict(row):
            row["waits"] = event.tier + 1
        case DoneClaimed(), dict(row):
            row |= {"waits": SETTLED, "done_at": event.done_at, "done_known_at": at}
        case OverdueWithdrawn(), dict(row):
            row["withdrawn_known_at"] = at


def _raised(event: CheckOverdue, at: datetime) -> Row:
    unknown = dict.fromkeys(("done_at", "done_known_at", "withdrawn_known_at"))
    return unknown | {
        "check_id": event.check_id,
        "place": event.place,
        "owner": event.owner,
        "waits": event.tier + 1,
        "due_at": event.due_at,
        "known_at": at,
    }


TAKES: frozenset[type[Event]] = frozenset((CheckOverdue, DoneClaimed, OverdueWithdrawn))
read_model = ReadModel("lateness_v1", log_of("intake"), lateness, keys, apply, takes=TAKES)


def late_on(
    connection: Connection,
    day: datetime,
    known: datetime,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> list[Any]:
    """(check id, owner, due date) of what was late at the moment `day`, as far as was known at the
    moment `known`; of those behind `after`, a due date and check id, at most `limit`. What was
    claimed done by `day` was late no more, once that was known."""
    rows = rows_of(connection, read_model).c
    is_done = and_(rows.done_known_at <= known, rows.done_at <= day)
    chosen = (
        select(rows.check_id, rows.owner, rows.due_at)
        .where(
            rows.due_at < day,
            rows.known_at <= known,
            or_(rows.withdrawn_known_at.is_(None), rows.withdrawn_known_at > known),
            or_(rows.done_known_at.is_(None), ~is_done),
            beyond(after, rows.due_at, rows.check_id),
        )
        .order_by(rows.due_at, rows.check_id)
        .limit(limit)
    )
    return list(connection.execute(chosen).all())
