"""Which reports a correspondent filed, for themselves to see; of data that are public none."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, select

from services.intake.projections import reports
from shared.contracts.event import Event
from shared.contracts.report import ReportFiled
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

filed_by = Table(
    "filed_by_v1",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("correspondent", String(32), nullable=False),
    Column("filed_at", Instant, nullable=False),
)
Index("filed_by_v1_of", filed_by.c.correspondent, filed_by.c.filed_at)


def keys(event: Event) -> Collection[str]:
    known = isinstance(event, ReportFiled) and event.protected and event.correspondent
    return (event.report_id,) if isinstance(event, ReportFiled) and known else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if keys(event) and isinstance(event, ReportFiled):
        rows[event.report_id] = {
            "report_id": event.report_id,
            "correspondent": event.correspondent,
            "filed_at": event.filed_at,
        }


TAKES: frozenset[type[Event]] = frozenset((ReportFiled,))
read_model = ReadModel("filed_by_v1", log_of("intake"), filed_by, keys, apply, takes=TAKES)


def of_person(connection: Connection, who: str, limit: int) -> list[Row]:
    """The newest first, as they stand; never what was written in them. Of others' reports that are
    not public nothing is told: whoever filed a bait would learn that somebody reported the same."""
    own, as_it_is = rows_of(connection, read_model), rows_of(connection, reports.read_model)
    chosen = (
        select(own.c.report_id, own.c.filed_at)
        .where(own.c.correspondent == who)
        .order_by(own.c.filed_at.desc(), own.c.report_id)
        .limit(limit)
    )
    newest = [report_id for report_id, _ in connection.execute(chosen)]
    c = as_it_is.c
    found = connection.execute(
        select(c.report_id, c.place, c.sector, c.state, c.filed_at, c.settled_at, c.head).where(
            c.report_id.in_(newest)
        )
    )
    rows = {row["report_id"]: dict(row) for row in found.mappings()}
    heads = {row["head"] for row in rows.values()} - {None}
    open_to_all = select(c.report_id).where(c.report_id.in_(heads), c.is_public)
    theirs = select(own.c.report_id).where(own.c.report_id.in_(heads), own.c.correspondent == who)
    known = {head for each in (open_to_all, theirs) for (head,) in connection.execute(each)}
    return [_told(rows[each], known) for each in newest if each in rows]


def _told(row: Row, known: Collection[str]) -> Row:
    """`known` are reports of which they know anyway."""
    head, state = row.pop("head"), row["state"]
    instead = {} if head in known else {"duplicate": "closed", "claimed": "filed"}
    return row | {"state": instead.get(state, state)}


def who_filed(connection: Connection, reports_: Collection[str]) -> dict[str, str]:
    """By report, as far as that is known."""
    rows = rows_of(connection, read_model).c
    chosen = select(rows.report_id, rows.correspondent).where(rows.report_id.in_(reports_))
    return {row.report_id: row.correspondent for row in connection.execute(chosen)}
