"""How many files go with a report; of reports without any there is no row."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Integer, MetaData, Select, String, Table, select

from shared.contracts.event import Event
from shared.contracts.report import FileAttached, ReportErased
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

attached = Table(
    "attached_v1",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("files", Integer, nullable=False),
)


def keys(event: Event) -> Collection[str]:
    return (event.report_id,) if isinstance(event, FileAttached | ReportErased) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is erased nobody sees a file any more."""
    match recorded.event:
        case FileAttached(report_id=report_id):
            rows.setdefault(report_id, {"report_id": report_id, "files": 0})["files"] += 1
        case ReportErased(report_id=report_id) if row := rows.get(report_id):
            row.update(files=0)
        case _:
            pass


TAKES: frozenset[type[Event]] = frozenset((FileAttached, ReportErased))
read_model = ReadModel("attached_v1", log_of("intake"), attached, keys, apply, takes=TAKES)


def counts(connection: Connection, reports: Collection[str]) -> dict[str, int]:
    """By report, of those that have any."""
    rows = rows_of(connection, read_model)
    asked = select(rows.c.report_id, rows.c.files).where(rows.c.report_id.in_(reports))
    return {row.report_id: row.files for row in connection.execute(asked) if row.files}


def with_files(connection: Connection) -> Select[tuple[str]]:
    """Their ids, for another question."""
    rows = rows_of(connection, read_model)
    return select(rows.c.report_id).where(rows.c.files > 0)
