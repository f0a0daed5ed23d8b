"""Qualifications that waver, and when each lapses."""

from collections.abc import Collection
from datetime import UTC, datetime, time

from sqlalchemy import BigInteger, Column, Connection, Date, Index, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.member import (
    QualificationEnded,
    QualificationSteadied,
    QualificationWavered,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

TERM = "grace"

metadata = MetaData()
waverings = Table(
    "waverings_v1",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("member_id", String(32), nullable=False),
    Column("track", String(60), nullable=False),
    Column("since", Date, nullable=False),
    Column("lapses_on", Date, nullable=False),
    Column("lapses_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("waverings_v1_due", waverings.c.lapses_at, waverings.c.key)
Index("waverings_v1_members", waverings.c.member_id)


def keys(event: Event) -> Collection[str]:
    match event:
        case QualificationWavered() | QualificationSteadied() | QualificationEnded():
            return (f"{event.member_id}:{event.track}",)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case QualificationWavered() as event:
            key = f"{event.member_id}:{event.track}"
            rows[key] = {
                "key": key,
                "member_id": event.member_id,
                "track": event.track,
                "since": event.on,
                "lapses_on": event.lapses_on,
                "lapses_at": datetime.combine(event.lapses_on, time(), UTC),
                "sequence": recorded.sequence,
            }
        case QualificationSteadied() | QualificationEnded() as event:
            rows.pop(f"{event.member_id}:{event.track}", None)


read_model = ReadModel("waverings_v1", log_of("promotion"), waverings, keys, apply)
due = DueColumn(read_model, "lapses_at", lambda rows: rows.sequence >= 0, TERM)


def of_member(connection: Connection, member_id: str) -> list[Row]:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.member_id == member_id).order_by(rows.c.track)
    return [dict(row) for row in connection.execute(chosen).mappings()]
