"""For which checks more time was asked, and nobody has answered yet."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, String, Table, select

from services.intake.projections import checks
from shared.contracts.clock import DueDateMoved, MoreTimeAsked, MoreTimeDeclined
from shared.contracts.event import Event
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

asked = Table(
    "more_time_v1",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("until", Instant, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("more_time_v1_in_order", asked.c.sequence)

Told = MoreTimeAsked | MoreTimeDeclined | DueDateMoved | CheckHandedOver


def keys(event: Event) -> Collection[str]:
    return (event.check_id,) if isinstance(event, Told) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Who gets it by handing over has not asked."""
    match recorded.event:
        case MoreTimeAsked() as event:
            rows[event.check_id] = {
                "check_id": event.check_id,
                "until": event.until,
                "reason": event.reason,
                "asked_at": event.asked_at,
                "sequence": recorded.sequence,
            }
        case MoreTimeDeclined() | CheckHandedOver() as event:
            rows.pop(event.check_id, None)
        case DueDateMoved(why="more-time") as event:
            rows.pop(event.check_id, None)


TAKES: frozenset[type[Event]] = frozenset(
    (MoreTimeAsked, MoreTimeDeclined, DueDateMoved, CheckHandedOver)
)
read_model = ReadModel("more_time_v1", log_of("intake"), asked, keys, apply, takes=TAKES)


def _running(
    connection: Connection, limit: int, check_id: str | None = None, beyond: int | None = None
) -> list[Row]:
    """With owner and task; what is done or late by now gets no more time. None until the rows of
    checks are made that tell what is confidential."""
    rows, of = rows_of(connection, read_model).c, rows_of(connection, checks.read_model).c
    if "hidden" not in of:
        return []
    of_check = (of.owner, of.task, of.source, of.place, of.sector, of.due_at, of.hidden)
    joined = rows.check_id.table.join(of.check_id.table, rows.check_id == of.check_id)
    own = rows.check_id, rows.until, rows.reason, rows.asked_at, rows.sequence
    chosen = select(*own, *of_check)
    chosen = chosen.select_from(joined).where(of.state == "open").order_by(rows.sequence)
    if check_id is not None:
        chosen = chosen.where(rows.check_id == check_id)
    if beyond is not None:
        chosen = chosen.where(rows.sequence > beyond)
    return [dict(row) for row in connection.execute(chosen.limit(limit)).mappings()]


def first(connection: Connection, limit: int, beyond: int | None = None) -> list[Row]:
    """Those that have waited longest."""
    return _running(connection, limit, beyond=beyond)


def one(connection: Connection, check_id: str) -> Row | None:
    return next(iter(_running(connection, 1, check_id)), None)
