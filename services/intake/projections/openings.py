"""Openings of sealed words: who asked for which and why, and what became of it."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
)

from shared.contracts.event import Event
from shared.contracts.opening import (
    OpeningAllowed,
    OpeningAsked,
    OpeningDeclined,
    OpeningEvent,
    OpeningUsed,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence, row_of

WAITS, ALLOWED, DECLINED, USED = "waits", "allowed", "declined", "used"

metadata = MetaData()
openings = Table(
    "openings_v1",
    metadata,
    Column("opening_id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False),
    Column("role", String(20), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("second_person", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("settled_by", String(32)),
    Column("answer", String(300), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("openings_v1_newest", openings.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.opening_id,) if isinstance(event, OpeningEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case OpeningAsked() as event:
            rows[event.opening_id] = {
                "opening_id": event.opening_id,
                "report_id": event.report_id,
                "role": event.role,
                "reason": event.reason,
                "asked_by": event.by,
                "asked_at": event.asked_at,
                "second_person": event.second_person,
                "state": WAITS if event.second_person else ALLOWED,
                "settled_by": None,
                "answer": "",
                "sequence": recorded.sequence,
            }
        case OpeningAllowed() as event if event.opening_id in rows:
            rows[event.opening_id] |= {"state": ALLOWED, "settled_by": event.by}
        case OpeningDeclined() as event if event.opening_id in rows:
            said = {"state": DECLINED, "settled_by": event.by, "answer": event.reason}
            rows[event.opening_id] |= said
        case OpeningUsed() as event if event.opening_id in rows:
            rows[event.opening_id] |= {"state": USED}


TAKES: frozenset[type[Event]] = frozenset(
    (OpeningAsked, OpeningAllowed, OpeningDeclined, OpeningUsed)
)
read_model = ReadModel("openings_v1", log_of("intake"), openings, keys, apply, takes=TAKES)


def newest(connection: Connection, limit: int, beyond: int | None = None) -> list[Row]:
    """Those that were asked for last."""
    return by_sequence(connection, read_model, limit, newest=True, beyond=beyond)


def one(connection: Connection, opening_id: str) -> Row | None:
    return row_of(connection, read_model, opening_id)
