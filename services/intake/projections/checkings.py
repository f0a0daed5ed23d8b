"""Checkings of claims: what they are about, how they stand, and when to look at them next."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    select,
)

from services.intake.projections import checks
from shared.contracts.checking import (
    AppealMade,
    CheckDisputed,
    CheckersDrawn,
    CheckingClosed,
    CheckingEvent,
    CheckingOpened,
    VerdictReached,
)
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of

MOST = 50
SETTLED = "settled"
Place = tuple[datetime, str]
"""Where a page ended: a moment and a checking."""

metadata = MetaData()
checkings = Table(
    "checkings_v1",
    metadata,
    Column("checking_id", String(32), primary_key=True),
    Column("check_id", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("owner", String(300), nullable=False),
    Column("task", String(300), nullable=False),
    Column("report_id", String(32)),
    Column("due_at", Instant, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("often_days", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("verdict", String(20)),
    Column("stands_at", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("widened", Integer, nullable=False),
    Column("wake_at", Instant),
)
Index("checkings_v1_calendar", checkings.c.wake_at, checkings.c.checking_id)
Index("checkings_v1_of_check", checkings.c.check_id)


def keys(event: Event) -> Collection[str]:
    return (event.checking_id,) if isinstance(event, CheckingEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, CheckingEvent):
        return
    if isinstance(event, CheckingOpened):
        rows[event.checking_id] = {
            "checking_id": event.checking_id,
            "check_id": event.check_id,
            "place": event.place,
            "sector": event.sector,
            "owner": event.owner,
            "task": event.task,
            "report_id": event.report_id,
            "due_at": event.due_at,
            "claimed_at": event.claimed_at,
            "often_days": event.terms.often_days,
            "state": "open",
            "verdict": None,
            "stands_at": 1,
            "drawn": 0,
            "widened": 0,
            "wake_at": event.wake_at,
        }
    elif (row := rows.get(event.checking_id)) is not None:
        row["wake_at"] = event.wake_at
        _changed(row, event)


def _changed(row: Row, event: CheckingEvent) -> None:
    match event:
        case CheckersDrawn():
            row["drawn"] += len(event.drawn)
            row["widened"] = max(row["widened"], event.widened)
        case CheckDisputed():
            row["state"] = "disputed"
        case VerdictReached():
            row.update(state="settled", verdict=event.verdict, stands_at=row["stands_at"] + 1)
        case AppealMade():
            row.update(state="appealed", stands_at=row["stands_at"] + 1)
        case CheckingClosed():
            row.update(state="final", verdict=event.verdict, stands_at=row["stands_at"] + 1)


read_model = ReadModel("checkings_v1", log_of("intake"), checkings, keys, apply)
waiting = DueColumn(read_model, "wake_at", lambda rows: rows.wake_at.is_not(None), "checking")


def of_check(connection: Connection, check_id: str) -> list[Row]:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.check_id == check_id).order_by(rows.c.claimed_at)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def shown(connection: Connection, found: Iterable[Row]) -> list[Row]:
    """Those that people may see: what they are about was public when it was claimed, and may have
    been taken back since."""
    all_ = list(found)
    hidden = checks.not_public(connection, {row["check_id"] for row in all_})
    return [row for row in all_ if row["check_id"] not in hidden]


class ToAppeal(NamedTuple):
    """What may still be appealed against, and where it goes on, if it does."""

    rows: Sequence[Row]
    onward: Place | None = None


def to_appeal(
    connection: Connection, owners: Collection[str], now: datetime, after: Place | None = None
) -> ToAppeal:
    """By these owners, by any of their names; what ends first comes first. Where such a one is in
    the calendar is when its verdict is final."""
    rows = rows_of(connection, read_model)
    chosen = (
        select(rows)
        .where(_may_appeal(rows, owners, now), beyond(after, rows.c.wake_at, rows.c.checking_id))
        .order_by(rows.c.wake_at, rows.c.checking_id)
        .limit(MOST + 1)
    )
    found = [dict(row) for row in connection.execute(chosen).mappings()]
    last = found[MOST - 1] if len(found) > MOST else None
    onward = (last["wake_at"], last["checking_id"]) if last else None
    return ToAppeal(shown(connection, found[:MOST]), onward)


def one_to_appeal(
    connection: Connection, checking_id: str, owners: Collection[str], now: datetime
) -> Row | None:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.checking_id == checking_id, _may_appeal(rows, owners, now))
    found = [dict(row) for row in connection.execute(chosen).mappings()]
    return next(iter(shown(connection, found)), None)


def _may_appeal(rows: Any, owners: Collection[str], now: datetime) -> ColumnElement[bool]:
    return and_(rows.c.wake_at > now, rows.c.state == SETTLED, rows.c.owner.in_(owners))


def one(connection: Connection, checking_id: str) -> Row | None:
    return row_of(connection, read_model, checking_id)


def several(connection: Connection, ids: Collection[str]) -> dict[str, Row]:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.checking_id.in_(ids))
    return {row["checking_id"]: dict(row) for row in connection.execute(chosen).mappings()}
