"""Posts: where, about what, how many seats are filled, and when each is to be looked at."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    select,
)

from shared.contracts.event import Event
from shared.contracts.post import (
    CandidatesRanked,
    MemberPlaced,
    NobodyChosen,
    PlacementEnded,
    PostClosed,
    PostEvent,
    PostOpened,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

OPEN, CLOSED = "open", "closed"
UNRANKED = -1
"""How many candidates there are nobody knows before they are ranked."""

metadata = MetaData()
posts = Table(
    "posts_v1",
    metadata,
    Column("post_id", String(32), primary_key=True),
    Column("title", String(300), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("tracks", Text, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("placed", Integer, nullable=False),
    Column("candidates", Integer, nullable=False),
    Column("life", String(10), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("wake_at", Instant),
    Column("sequence", BigInteger, nullable=False),
)
Index("posts_v1_due", posts.c.wake_at, posts.c.post_id)
Index("posts_v1_newest", posts.c.life, posts.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.post_id,) if isinstance(event, PostEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, PostOpened):
        rows[event.post_id] = {
            "post_id": event.post_id,
            "title": event.title,
            "place": event.place,
            "sector": event.sector,
            "tracks": " ".join(event.tracks),
            "seats": event.seats,
            "placed": 0,
            "candidates": UNRANKED,
            "life": OPEN,
            "opened_at": event.at,
            "wake_at": event.wake_at,
            "sequence": recorded.sequence,
        }
    elif isinstance(event, PostEvent) and (row := rows.get(event.post_id)):
        row["wake_at"] = event.wake_at
        _happened(row, event)


def _happened(row: Row, event: PostEvent) -> None:
    match event:
        case CandidatesRanked(candidates=candidates):
            row["candidates"] = candidates
        case NobodyChosen():
            row["candidates"] = UNRANKED
        case MemberPlaced():
            row["placed"] += 1
        case PlacementEnded():
            row["placed"] = max(row["placed"] - 1, 0)
        case PostClosed():
            row["life"] = CLOSED


read_model = ReadModel("posts_v1", log_of("promotion"), posts, keys, apply)
due = DueColumn(
    read_model, "wake_at", lambda rows: (rows.life == OPEN) & rows.wake_at.is_not(None), "post"
)


def newest(connection: Connection, limit: int) -> list[Row]:
    """Those that are open first."""
    own = rows_of(connection, read_model)
    order = own.c.life.desc(), own.c.sequence.desc()
    chosen = select(own).order_by(*order).limit(limit)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def some(connection: Connection, ids: Collection[str]) -> list[Row]:
    own = rows_of(connection, read_model)
    chosen = select(own).where(own.c.post_id.in_(ids)).order_by(own.c.sequence.desc())
    return [dict(row) for row in connection.execute(chosen).mappings()]
