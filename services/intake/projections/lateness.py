"""What was ever late, and since when we know it; until when, its claims say.

What was taken back is raised `again` where the claim that took it back is refuted, and no more.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

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
    or_,
    select,
)

from services.intake.projections import claims
from shared.contracts.check import CheckEvent, CheckOverdue, DoneClaimed, OverdueWithdrawn
from shared.contracts.checking import CheckHalved, ClaimRefuted, ClaimUpheld
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import Columns, position, rows_of

metadata = MetaData()


def _rows(name: str, *more: Column[Any]) -> Table:
    table = Table(
        name,
        metadata,
        Column("check_id", String(32), primary_key=True),
        Column("place", String(120), nullable=False),
        Column("owner", String(300), nullable=False),
        Column("waits", Integer, nullable=False),
        Column("due_at", Instant, nullable=False),
        Column("known_at", Instant, nullable=False),
        Column("withdrawn_known_at", Instant),
        Column("again_known_at", Instant),
        Column("again_withdrawn_known_at", Instant),
        *more,
    )
    Index(f"{name}_calendar", table.c.waits, table.c.due_at, table.c.check_id)
    Index(f"{name}_by_due", table.c.due_at, table.c.check_id)
    return table


lateness = _rows("lateness_v2", Column("halved_at", Instant), Column("halved_known_at", Instant))

HALVED = 0
"""It waits for no further tier; else for this one, or would if a claim were refuted: then it is
below zero."""


def keys(event: Event) -> Collection[str]:
    return (event.check_id,) if isinstance(event, CheckEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what was never late nothing is kept."""
    event, at = recorded.event, recorded.recorded_at
    match event, rows.get(event.aggregate_id):
        case CheckOverdue(tier=1), None:
            rows[event.check_id] = _raised(event, at)
        case CheckOverdue(tier=1), dict(row):
            row |= {"waits": max(event.tier + 1, row["waits"]), "again_known_at": at}
        case CheckOverdue(), dict(row):
            row["waits"] = event.tier + 1
        case ((DoneClaimed() | ClaimUpheld()), dict(row)):
            row["waits"] = -abs(row["waits"])
        case ClaimRefuted(), dict(row):
            row["waits"] = abs(row["waits"])
        case CheckHalved(), dict(row):
            row["waits"] = HALVED
        case OverdueWithdrawn(), dict(row):
            again = "again_" if row["again_known_at"] else ""
            row[f"{again}withdrawn_known_at"] = at


def _raised(event: CheckOverdue, at: datetime) -> Row:
    later = ("withdrawn_known_at", "again_known_at", "again_withdrawn_known_at")
    return dict.fromkeys(later) | {
        "check_id": event.check_id,
        "place": event.place,
        "owner": event.owner,
        "waits": event.tier + 1,
        "due_at": event.due_at,
        "known_at": at,
    }


TAKES: frozenset[type[Event]] = frozenset(
    (CheckOverdue, DoneClaimed, OverdueWithdrawn, ClaimRefuted, ClaimUpheld, CheckHalved)
)
unhalved = ReadModel(
    "lateness_v1", log_of("intake"), _rows("lateness_v1"), keys, apply, takes=TAKES
)


def apply_with_halves(rows: Rows, recorded: RecordedEvent) -> None:
    """What was halved is late no more: its rest is, once that is."""
    apply(rows, recorded)
    event = recorded.event
    if (row := rows.get(event.aggregate_id)) is None:
        return
    for name in ("halved_at", "halved_known_at"):
        row.setdefault(name, None)
    if isinstance(event, CheckHalved):
        row |= {"halved_at": event.halved_at, "halved_known_at": recorded.recorded_at}


read_model = ReadModel(
    "lateness_v2", log_of("intake"), lateness, keys, apply_with_halves, unhalved, takes=TAKES
)


def _stood(
    raised: ColumnElement[datetime], withdrawn: ColumnElement[datetime], known: datetime
) -> ColumnElement[bool]:
    return and_(raised <= known, or_(withdrawn.is_(None), withdrawn > known))


def _was_raised(rows: Columns, known: datetime) -> ColumnElement[bool]:
    return or_(
        _stood(rows.known_at, rows.withdrawn_known_at, known),
        _stood(rows.again_known_at, rows.again_withdrawn_known_at, known),
    )


def known_late_on(
    connection: Connection,
    known: datetime,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> list[Any] | None:
    """(check id, owner, due date) of what had been raised by the moment `known` and was not taken
    back by then, by who owned it when it was; of those behind `after`, at most `limit`. None until
    these rows are made."""
    if not position(connection, (read_model,), read_model.stream).is_shown:
        return None
    rows = rows_of(connection, read_model).c
    return _some(connection, rows, after, limit, _was_raised(rows, known))


def late_on(
    connection: Connection,
    day: datetime,
    known: datetime,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> list[Any]:
    """(check id, owner, due date) of what was late at the moment `day`, as far as was known at the
    moment `known`; of those behind `after`, a due date and check id, at most `limit`. What was
    claimed done, or halved, by `day` was late no more, once that was known."""
    rows = rows_of(connection, read_model).c
    which = (
        rows.due_at < day,
        _was_raised(rows, known),
        ~claims.is_done(connection, rows.check_id, day, known),
        *_not_halved(rows, day, known),
    )
    return _some(connection, rows, after, limit, *which)


def _not_halved(rows: Columns, day: datetime, known: datetime) -> Iterator[ColumnElement[bool]]:
    """The version before knew nothing of that."""
    if "halved_at" in rows:
        stood = rows.halved_at > day, rows.halved_known_at > known
        yield or_(rows.halved_at.is_(None), *stood)


def _some(
    connection: Connection,
    rows: Columns,
    after: tuple[datetime, str] | None,
    limit: int | None,
    *which: ColumnElement[bool],
) -> list[Any]:
    chosen = (
        select(rows.check_id, rows.owner, rows.due_at)
        .where(*which, beyond(after, rows.due_at, rows.check_id))
        .order_by(rows.due_at, rows.check_id)
        .limit(limit)
    )
    return list(connection.execute(chosen).all())
