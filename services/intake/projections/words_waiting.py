"""Checks whose owner and task wait for an editor, in the order in which they came in."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, String, Table

from shared.contracts.check import CheckOpened, CheckWithdrawn, CheckWordsPassed
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence, row_of

metadata = MetaData()
words_waiting = Table(
    "words_waiting_v1",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("source", String(60), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("owner", String(300), nullable=False),
    Column("task", String(300), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("words_waiting_v1_in_order", words_waiting.c.sequence)


def keys(event: Event) -> Collection[str]:
    """Of a source that is trusted nothing ever waits."""
    waits = isinstance(event, CheckOpened) and not (event.passed or event.confidential)
    ends = isinstance(event, CheckWordsPassed | CheckWithdrawn)
    return (event.aggregate_id,) if waits or ends else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckOpened() as event:
            rows[event.check_id] = {
                "check_id": event.check_id,
                "source": event.source,
                "place": event.place,
                "sector": event.sector,
                "owner": event.owner,
                "task": event.task,
                "due_at": event.due_at,
                "sequence": recorded.sequence,
            }
        case CheckWordsPassed() | CheckWithdrawn() as event:
            rows.pop(event.check_id, None)


read_model = ReadModel("words_waiting_v1", log_of("intake"), words_waiting, keys, apply)


def first(connection: Connection, limit: int) -> list[Row]:
    """Those that have waited longest."""
    return by_sequence(connection, read_model, limit)


def one(connection: Connection, check_id: str) -> Row | None:
    return row_of(connection, read_model, check_id)
