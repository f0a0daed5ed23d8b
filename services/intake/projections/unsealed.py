"""How often somebody in which role was shown the sealed words of a report."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.report import ReportUnsealed
from shared.contracts.roles import Role
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
unsealed = Table(
    "unsealed_v1",
    metadata,
    Column("report_and_role", String(60), primary_key=True),
    Column("report_id", String(32), nullable=False),
    Column("role", String(20), nullable=False),
    Column("times", Integer, nullable=False),
)
Index("unsealed_v1_of_report", unsealed.c.report_id)


def keys(event: Event) -> Collection[str]:
    return (_key(event),) if isinstance(event, ReportUnsealed) else ()


def _key(event: ReportUnsealed) -> str:
    return f"{event.report_id} {event.role}"


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ReportUnsealed() as event:
            key = _key(event)
            before = rows[key]["times"] if key in rows else 0
            rows[key] = {
                "report_and_role": key,
                "report_id": event.report_id,
                "role": event.role,
                "times": before + 1,
            }


TAKES: frozenset[type[Event]] = frozenset((ReportUnsealed,))
read_model = ReadModel("unsealed_v1", log_of("intake"), unsealed, keys, apply, takes=TAKES)


def by_role(connection: Connection, report_id: str) -> dict[Role, int]:
    """How often, by the roles that were shown them."""
    rows = rows_of(connection, read_model).c
    chosen = select(rows.role, rows.times).where(rows.report_id == report_id).order_by(rows.role)
    return {row.role: row.times for row in connection.execute(chosen)}


def of_several(connection: Connection, report_ids: Collection[str]) -> dict[str, dict[Role, int]]:
    """The same of each of these reports."""
    rows = rows_of(connection, read_model).c
    chosen = select(rows.report_id, rows.role, rows.times).order_by(rows.role)
    found: dict[str, dict[Role, int]] = {each: {} for each in report_ids}
    for row in connection.execute(chosen.where(rows.report_id.in_(report_ids))):
        found[row.report_id][row.role] = row.times
    return found
