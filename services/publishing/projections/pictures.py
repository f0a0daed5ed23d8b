"""Which pictures of a report editors have passed; from what is public only."""

from collections.abc import Collection

from sqlalchemy import Boolean, Column, Connection, MetaData, String, Table, Text, select

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of

metadata = MetaData()

pictures = Table(
    "pictures_v1",
    metadata,
    Column("report", String(32), primary_key=True),
    Column("named", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
)


def keys(event: Event) -> Collection[str]:
    match event:
        case public.FilePassed() | public.FileTakenBack():
            return (event.report,)
        case public.PublicWithdrawn(what="report"):
            return (event.id,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept, and nothing is taken in any more."""
    event = recorded.event
    row = rows.setdefault(
        event.aggregate_id, {"report": event.aggregate_id, "named": "", "withdrawn": False}
    )
    named: list[str] = row["named"].split()
    if isinstance(event, public.PublicWithdrawn):
        row |= {"named": "", "withdrawn": True}
    elif isinstance(event, public.FilePassed) and not row["withdrawn"]:
        row["named"] = " ".join(dict.fromkeys([*named, event.picture]))
    elif isinstance(event, public.FileTakenBack):
        row["named"] = " ".join(each for each in named if each != event.picture)


TAKES: frozenset[type[Event]] = frozenset(
    (public.FilePassed, public.FileTakenBack, public.PublicWithdrawn)
)
read_model = ReadModel("pictures_v1", log_of("public"), pictures, keys, apply, takes=TAKES)


def first_of(connection: Connection, reports: Collection[str]) -> dict[str, str]:
    """Of those that have any, by the report."""
    rows = rows_of(connection, read_model)
    asked = select(rows.c.report, rows.c.named).where(rows.c.report.in_(reports))
    return {row.report: row.named.split()[0] for row in connection.execute(asked) if row.named}


def of_report(connection: Connection, report: str) -> list[str]:
    """Their names, in the order in which they were passed."""
    row = row_of(connection, read_model, report)
    return row["named"].split() if row else []
