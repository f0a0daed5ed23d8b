"""In which stories something public was used."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, MetaData, String, Table, Text, select

from shared.contracts.event import Event
from shared.contracts.public_story import PublicTextOfStory, StoryCorrected, StoryPublished
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of

metadata = MetaData()
cited = Table(
    "cited_v1",
    metadata,
    Column("thing", String(32), primary_key=True),
    Column("stories", Text, nullable=False),
)


def keys(event: Event) -> Collection[str]:
    return [each.id for each in event.sources] if isinstance(event, PublicTextOfStory) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """What a correction does not rest on any more was used all the same."""
    event = recorded.event
    if isinstance(event, PublicTextOfStory):
        for thing in keys(event):
            row = rows.setdefault(thing, {"thing": thing, "stories": ""})
            known = dict.fromkeys([*row["stories"].split(), event.story])
            row["stories"] = " ".join(known)


TAKES: frozenset[type[Event]] = frozenset((StoryPublished, StoryCorrected))
read_model = ReadModel("cited_v1", log_of("public"), cited, keys, apply, takes=TAKES)


def stories_of(connection: Connection, thing: str) -> list[str]:
    """Also those that were withdrawn since."""
    row = row_of(connection, read_model, thing)
    return row["stories"].split() if row else []


def among(connection: Connection, things: Collection[str]) -> set[str]:
    """Those of them that were used."""
    rows = rows_of(connection, read_model)
    return set(connection.execute(select(rows.c.thing).where(rows.c.thing.in_(things))).scalars())
