"""The commitments that a report led to, and how they stand."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, select

from shared.contracts.check import CheckOpened, CheckOverdue, DoneClaimed
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
led_to = Table(
    "led_to_v1",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
)
Index("led_to_v1_of_report", led_to.c.report_id)

HEEDED = CheckOverdue | DoneClaimed
MOST = 50


def keys(event: Event) -> Collection[str]:
    """One that no report led to has no row."""
    if isinstance(event, CheckOpened):
        return (event.check_id,) if event.report_id else ()
    return (event.check_id,) if isinstance(event, HEEDED) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckOpened(report_id=str(report_id)) as event:
            rows[event.check_id] = {
                "check_id": event.check_id,
                "report_id": report_id,
                "state": "open",
                "due_at": event.due_at,
                "opened_at": event.opened_at,
            }
        case CheckOverdue(check_id=check_id) if check_id in rows:
            rows[check_id].update(state="overdue")
        case DoneClaimed(check_id=check_id, late=late) if check_id in rows:
            rows[check_id].update(state="done late" if late else "done")
        case _:
            pass


TAKES: frozenset[type[Event]] = frozenset((CheckOpened, CheckOverdue, DoneClaimed))
read_model = ReadModel("led_to_v1", log_of("intake"), led_to, keys, apply, takes=TAKES)


def of_report(connection: Connection, report_id: str) -> list[Row]:
    """The first ones, by the day on which they were made."""
    rows = rows_of(connection, read_model).c
    chosen = (
        select(rows.state, rows.due_at, rows.opened_at)
        .where(rows.report_id == report_id)
        .order_by(rows.opened_at, rows.check_id)
        .limit(MOST)
    )
    return [dict(row) for row in connection.execute(chosen).mappings()]
