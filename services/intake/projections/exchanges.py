"""Exchanges under receipt codes: of which reports, and who spoke last; never what was said."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, MetaData, String, Table

from shared.contracts.event import Event
from shared.contracts.exchange import ExchangeEvent, InquiryMade, ReplyGiven
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence

INQUIRY, REPLY = "inquiry", "reply"

metadata = MetaData()
exchanges = Table(
    "exchanges_v1",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("last", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("inquiries", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("exchanges_v1_newest", exchanges.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.report_id,) if isinstance(event, ExchangeEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case InquiryMade(report_id=report_id, made_at=at):
            last, counted = INQUIRY, "inquiries"
        case ReplyGiven(report_id=report_id, given_at=at):
            last, counted = REPLY, "replies"
        case _:
            return
    before = rows.get(report_id) or {"inquiries": 0, "replies": 0}
    now = {"report_id": report_id, "last": last, "at": at, "sequence": recorded.sequence}
    rows[report_id] = {**before, **now, counted: before[counted] + 1}


TAKES: frozenset[type[Event]] = frozenset((InquiryMade, ReplyGiven))
read_model = ReadModel("exchanges_v1", log_of("intake"), exchanges, keys, apply, takes=TAKES)


def newest(connection: Connection, limit: int, beyond: int | None = None) -> list[Row]:
    """In which something was said last."""
    return by_sequence(connection, read_model, limit, newest=True, beyond=beyond)
