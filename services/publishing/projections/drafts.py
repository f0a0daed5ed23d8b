"""The stories of the newsroom: how far each is, and when somebody is to be asked or it appears."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.routing import log_of
from shared.contracts.story import (
    SafetyAsked,
    StoryDrafted,
    StoryEmbargoed,
    StoryEvent,
    StoryFoundSafe,
    StoryHeld,
    StoryProposed,
    StoryPublished,
    StoryReturned,
    StoryReviewed,
    StoryWithdrawn,
    TextOfStory,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

TERM = "story"
metadata = MetaData()
drafts = Table(
    "drafts_v1",
    metadata,
    Column("story_id", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("words", String(32)),
    Column("published", Integer, nullable=False),
    Column("until", Instant),
    Column("ask_at", Instant),
    Column("asked", Boolean, nullable=False),
    Column("due_at", Instant),
    Column("moved_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("drafts_v1_due", drafts.c.due_at, drafts.c.story_id)
Index("drafts_v1_newest", drafts.c.sequence)
Index("drafts_v1_stage", drafts.c.stage, drafts.c.story_id)


def keys(event: Event) -> Collection[str]:
    return (event.story_id,) if isinstance(event, StoryEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, StoryProposed):
        rows[event.story_id] = {
            "story_id": event.story_id,
            "place": event.place,
            "stage": "proposed",
            "words": None,
            "published": 0,
            "until": None,
            "ask_at": None,
            "asked": False,
            "due_at": None,
        }
    if isinstance(event, StoryEvent) and (row := rows.get(event.story_id)):
        _happened(row, event)
        row |= {"due_at": _due(row), "moved_at": event.at, "sequence": recorded.sequence}


def _happened(row: Row, event: StoryEvent) -> None:
    match event:
        case StoryDrafted(words=words):
            row |= {"stage": "drafted", "words": words, "until": None}
        case StoryReviewed():
            row["stage"] = "reviewed"
        case StoryReturned():
            row |= {"stage": "returned", "until": None}
        case StoryEmbargoed(until=until):
            row["until"] = until
        case StoryHeld(ask_at=ask_at):
            row |= {"ask_at": ask_at, "asked": False}
        case SafetyAsked():
            row["asked"] = True
        case StoryFoundSafe():
            row |= {"ask_at": None, "asked": False}
        case StoryPublished() | TextOfStory():
            row |= {"stage": "done", "published": event.number, "until": None}
        case StoryWithdrawn():
            row |= {"stage": "withdrawn", "words": None, "until": None, "ask_at": None}


def _due(row: Row) -> object:
    """What is held does not appear by itself."""
    if row["ask_at"] is not None:
        return None if row["asked"] else row["ask_at"]
    return row["until"] if row["stage"] == "reviewed" else None


TAKES = frozenset(each for each in EVENT_TYPES.values() if issubclass(each, StoryEvent))
read_model = ReadModel("drafts_v1", log_of("publishing"), drafts, keys, apply, takes=TAKES)
due = DueColumn(read_model, "due_at", lambda rows: rows.due_at.is_not(None), TERM)


def newest(connection: Connection, limit: int, before: int | None = None) -> list[Row]:
    """Those that moved last."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).order_by(rows.c.sequence.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(rows.c.sequence < before)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def withdrawn(connection: Connection) -> list[str]:
    rows = rows_of(connection, read_model)
    chosen = select(rows.c.story_id).where(rows.c.stage == "withdrawn")
    return list(connection.execute(chosen).scalars())
