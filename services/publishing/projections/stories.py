"""Stories that have appeared: their texts by number, what they rest on, what was taken back."""

import json
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
    Text,
    select,
)

from services.publishing.projections.newest import newest_of
from shared.contracts.event import Event
from shared.contracts.public_story import (
    PublicStoryEvent,
    PublicTextOfStory,
    StoryCorrected,
    StoryPublished,
    StoryWithdrawn,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of

metadata = MetaData()
stories = Table(
    "stories_v1",
    metadata,
    Column("story", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("sectors", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("words", String(32)),
    Column("tongue", String(30), nullable=False),
    Column("size", Integer, nullable=False),
    Column("texts", Text, nullable=False),
    Column("sources", Text, nullable=False),
    Column("corrected_on", Date),
    Column("withdrawn_on", Date),
    Column("reason", Text),
    Column("sequence", BigInteger),
)
Index("stories_v1_newest", stories.c.sequence)
Index("stories_v1_newest_of_place", stories.c.place, stories.c.sequence)
Index("stories_v1_words", stories.c.words)


def keys(event: Event) -> Collection[str]:
    return (event.story,) if isinstance(event, PublicStoryEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Its place in the list is that of its appearing; of what is withdrawn no words are told."""
    event = recorded.event
    if isinstance(event, StoryPublished):
        rows[event.story] = {
            "story": event.story,
            "place": event.place,
            "on": event.on,
            "texts": "[]",
            "corrected_on": None,
            "withdrawn_on": None,
            "reason": None,
            "sequence": recorded.sequence,
        }
    if (row := rows.get(event.aggregate_id)) is None:
        return
    if isinstance(event, PublicTextOfStory):
        _take(row, event)
    if isinstance(event, StoryCorrected):
        row["corrected_on"] = event.on
    if isinstance(event, StoryWithdrawn):
        row |= {"withdrawn_on": event.on, "reason": event.reason, "words": None}
        row |= {"texts": "[]", "sequence": None}


def _take(row: Row, event: PublicTextOfStory) -> None:
    text = {
        "number": event.number,
        "words": event.words,
        "digest": event.digest,
        "tongue": event.tongue,
        "on": event.on.isoformat(),
        "why": event.why if isinstance(event, StoryCorrected) else "",
    }
    texts = [*json.loads(row["texts"]), text]
    row |= {name: getattr(event, name) for name in ("number", "words", "tongue", "size")}
    row |= {
        "sectors": " ".join(event.sectors),
        "sources": json.dumps([each.model_dump(mode="json") for each in event.sources]),
        "texts": json.dumps(texts),
    }


TAKES: frozenset[type[Event]] = frozenset((StoryPublished, StoryCorrected, StoryWithdrawn))
read_model = ReadModel("stories_v1", log_of("public"), stories, keys, apply, takes=TAKES)


def newest(
    connection: Connection,
    limit: int,
    places: Collection[str] | None = None,
    before: int | None = None,
) -> list[Row]:
    """None that is withdrawn."""
    return newest_of(connection, read_model, limit, places, before)


def one(connection: Connection, story: str) -> Row | None:
    """Whatever became of it."""
    return row_of(connection, read_model, story)


def some(connection: Connection, ids: Collection[str]) -> list[Row]:
    """Those of them that are not withdrawn, the newest first."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.story.in_(ids), rows.c.sequence.is_not(None))
    found = connection.execute(chosen.order_by(rows.c.sequence.desc()))
    return [dict(row) for row in found.mappings()]


def of_words(connection: Connection, words: str) -> str | None:
    """By which a story is called whose readers see this text."""
    rows = rows_of(connection, read_model)
    return connection.execute(select(rows.c.story).where(rows.c.words == words)).scalar()
