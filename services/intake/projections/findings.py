"""Checkings in which somebody found something: how many findings, and when the last came."""

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, MetaData, String, Table

from services.intake.projections import checkings
from shared.contracts.checking import FindingConflicted, FindingGiven
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence

metadata = MetaData()
findings = Table(
    "findings_v1",
    metadata,
    Column("checking_id", String(32), primary_key=True),
    Column("findings", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("findings_v1_newest", findings.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.checking_id,) if isinstance(event, FindingGiven) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, FindingGiven):
        return
    before = rows.get(event.checking_id)
    rows[event.checking_id] = {
        "checking_id": event.checking_id,
        "findings": (before["findings"] if before else 0) + 1,
        "at": event.given_at,
        "sequence": recorded.sequence,
    }


TAKES: frozenset[type[Event]] = frozenset((FindingGiven, FindingConflicted))
read_model = ReadModel("findings_v1", log_of("intake"), findings, keys, apply, takes=TAKES)


def newest(connection: Connection, limit: int, beyond: int | None = None) -> list[Row]:
    """With what they are about; what is not public any more is left out."""
    found: list[Row] = []
    while len(found) < limit:
        lot = by_sequence(connection, read_model, limit, newest=True, beyond=beyond)
        if not lot:
            break
        found += _shown(connection, lot)
        beyond = lot[-1]["sequence"]
    return found[:limit]


def _shown(connection: Connection, lot: Sequence[Row]) -> list[Row]:
    about = checkings.several(connection, {row["checking_id"] for row in lot})
    shown = {row["checking_id"]: row for row in checkings.shown(connection, about.values())}
    return [
        dict(row) | {"about": shown[row["checking_id"]]}
        for row in lot
        if row["checking_id"] in shown
    ]


def one(connection: Connection, checking_id: str) -> Row | None:
    """What a checking is about, while that is public."""
    row = checkings.one(connection, checking_id)
    return next(iter(checkings.shown(connection, [row] if row else [])), None)
