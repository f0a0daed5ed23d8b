"""Activities that societies held."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.contracts.society import ActivityHeld
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
activities = Table(
    "activities_v1",
    metadata,
    Column("activity_id", String(32), primary_key=True),
    Column("society_id", String(32), nullable=False),
    Column("words", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("on", Date, nullable=False),
    Column("came", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("activities_v1_of", activities.c.society_id, activities.c.on, activities.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.activity_id,) if isinstance(event, ActivityHeld) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ActivityHeld() as event:
            rows[event.activity_id] = {
                "activity_id": event.activity_id,
                "society_id": event.society_id,
                "words": event.words,
                "place": event.place,
                "on": event.on,
                "came": event.came,
                "sequence": recorded.sequence,
            }


read_model = ReadModel(
    "activities_v1",
    log_of("promotion"),
    activities,
    keys,
    apply,
    takes=frozenset((ActivityHeld,)),
)


def of_society(connection: Connection, society_id: str, limit: int) -> list[Row]:
    """Those of the latest days."""
    own = rows_of(connection, read_model)
    chosen = select(own).where(own.c.society_id == society_id)
    newest = chosen.order_by(own.c.on.desc(), own.c.sequence.desc()).limit(limit)
    return [dict(row) for row in connection.execute(newest).mappings()]
