"""Reports by place, sector and state, and what is compared of them and shown on the desk."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    literal_column,
)

from shared.contracts.event import Event
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateParted,
    DuplicateRefused,
    ReportClosed,
    ReportConfirmed,
    ReportCorroborated,
    ReportEvent,
    ReportFiled,
    ReportHalfFixed,
    ReportMarkedDuplicate,
    ReportRefuted,
    ReportReopened,
    ReportWithdrawn,
)
from shared.contracts.routing import log_of
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import counts_of, row_of

metadata = MetaData()

WORDS = 300


def _rows(name: str, *more: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("report_id", String(32), primary_key=True),
        Column("source", String(60), nullable=False),
        Column("source_id", String(200), nullable=False),
        Column("place", String(120), nullable=False),
        Column("sector", String(60), nullable=False),
        Column("confidential", Boolean, nullable=False),
        Column("state", String(10), nullable=False),
        Column("filed_at", Instant, nullable=False),
        Column("settled_at", Instant),
        *more,
    )


reports = _rows(
    "reports_v5",
    Column("is_public", Boolean, nullable=False),
    Column("corroborated", Integer, nullable=False),
    Column("head", String(32)),
    Column("words", String(WORDS), nullable=False),
)
"""`words` are the first ones of what is not sealed; `head` is what a duplicate repeats;
`corroborated` by how many who are known."""

Index("reports_v5_alike", reports.c.place, reports.c.sector, reports.c.filed_at)
Index("reports_v5_of_state", reports.c.state, reports.c.filed_at)
Index("reports_v5_by_filed", reports.c.filed_at, reports.c.report_id)

SEEN = reports.c.corroborated > literal_column("0")
"""Of few; said word for word, so that a database knows of the index."""

Index("reports_v5_seen", reports.c.filed_at, sqlite_where=SEEN, postgresql_where=SEEN)


def keys(event: Event) -> Collection[str]:
    return (event.report_id,) if isinstance(event, ReportEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ReportFiled() as event:
            rows[event.report_id] = {
                "report_id": event.report_id,
                "source": event.source,
                "source_id": event.source_id,
                "place": event.place,
                "sector": event.sector,
                "confidential": event.confidential,
                "state": "filed",
                "filed_at": event.filed_at,
                "settled_at": None,
            }
        case ReportConfirmed() as event:
            rows[event.report_id].update(state="confirmed", settled_at=event.confirmed_at)
        case ReportRefuted() as event:
            rows[event.report_id].update(state="refuted", settled_at=event.refuted_at)
        case ReportMarkedDuplicate() as event:
            rows[event.report_id].update(state="duplicate", settled_at=event.marked_at)
        case DuplicateRefused() as event:
            rows[event.report_id].update(state="filed", settled_at=None)
        case ReportClosed() as event:
            rows[event.report_id].update(state="closed", settled_at=event.closed_at)


def apply_with_claims(rows: Rows, recorded: RecordedEvent) -> None:
    """A claim takes effect in a moment, unless the original was not filed: that is waited for."""
    if isinstance(event := recorded.event, DuplicateClaimed):
        rows[event.report_id].update(state="claimed", settled_at=None)
    else:
        apply(rows, recorded)


def apply_with_course(rows: Rows, recorded: RecordedEvent) -> None:
    """What is half fixed is open, and what is reopened is as filed."""
    apply_with_claims(rows, recorded)
    match recorded.event:
        case ReportFiled() as event:
            sealed = event.confidential or event.text == CLOSED
            rows[event.report_id].update(
                is_public=not (event.confidential or event.protected),
                corroborated=0,
                head=None,
                words="" if sealed else event.text[:WORDS],
            )
        case ReportHalfFixed() as event:
            rows[event.report_id].update(state="half fixed", settled_at=None)
        case ReportReopened() as event:
            rows[event.report_id].update(state="filed", settled_at=None)
        case ReportCorroborated(known=True) as event:
            rows[event.report_id]["corroborated"] += 1
        case ReportMarkedDuplicate() as event:
            rows[event.report_id]["head"] = event.head
        case DuplicateRefused() as event:
            rows[event.report_id]["head"] = None
        case DuplicateParted() as event:
            rows[event.report_id].update(state="filed", settled_at=None, head=None)
        case ReportWithdrawn() as event:
            rows[event.report_id]["is_public"] = False


def sorts(row: Row) -> tuple[str, ...]:
    return (row["state"],)


INTAKE = log_of("intake")
without_counts = ReadModel("reports_v2", INTAKE, _rows("reports_v2"), keys, apply)
without_claims = ReadModel(
    "reports_v3", INTAKE, _rows("reports_v3"), keys, apply, without_counts, sorts
)
without_course = ReadModel(
    "reports_v4", INTAKE, _rows("reports_v4"), keys, apply_with_claims, without_claims, sorts
)
TAKES: frozenset[type[Event]] = frozenset(
    (
        ReportFiled,
        ReportConfirmed,
        ReportRefuted,
        ReportClosed,
        ReportCorroborated,
        ReportHalfFixed,
        ReportMarkedDuplicate,
        ReportReopened,
        ReportWithdrawn,
        DuplicateClaimed,
        DuplicateParted,
        DuplicateRefused,
    )
)
read_model = ReadModel(
    "reports_v5", INTAKE, reports, keys, apply_with_course, without_course, sorts, takes=TAKES
)


def is_public(connection: Connection, report_id: str) -> bool:
    """Whether everybody may know of it at once."""
    row = row_of(connection, read_model, report_id)
    return bool(row and row.get("is_public"))


def count_by_state(connection: Connection) -> dict[str, int]:
    return counts_of(connection, read_model)
