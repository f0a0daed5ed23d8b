"""Bulletins that have appeared: what each contains, as its event says, and what was taken back."""

import json
from collections.abc import Collection

from pydantic import BaseModel
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
from shared.contracts.bulletin import Heard, IssueTerms, Items
from shared.contracts.event import Event
from shared.contracts.public_bulletin import (
    BulletinCorrected,
    BulletinIssued,
    BulletinWithdrawn,
    PublicBulletinEvent,
    PublicContents,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
bulletins = Table(
    "bulletins_v1",
    metadata,
    Column("bulletin", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("contents", Text),
    Column("reason", Text),
    Column("corrected_on", Date),
    Column("why", Text),
    Column("withdrawn_on", Date),
    Column("withdrawn_for", Text),
    Column("event_id", String(32), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("sequence", BigInteger),
    Column("changed_at", Instant, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
Index("bulletins_v1_number", bulletins.c.number)
Index("bulletins_v1_newest", bulletins.c.sequence)
Index("bulletins_v1_newest_of_place", bulletins.c.place, bulletins.c.sequence)
Index("bulletins_v1_changed", bulletins.c.changed)
Index("bulletins_v1_changed_of_place", bulletins.c.place, bulletins.c.changed)


def keys(event: Event) -> Collection[str]:
    return (event.bulletin,) if isinstance(event, PublicBulletinEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is told but that it was."""
    event = recorded.event
    if isinstance(event, BulletinIssued):
        rows[event.bulletin] = {
            "bulletin": event.bulletin,
            "place": event.place,
            "number": event.number,
            "on": event.on,
            "corrected_on": None,
            "why": None,
            "withdrawn_on": None,
            "withdrawn_for": None,
            "event_id": recorded.id,
            "issued_at": recorded.recorded_at,
            "issued": recorded.sequence,
            "sequence": recorded.sequence,
        }
    if (row := rows.get(event.aggregate_id)) is None:
        return
    if isinstance(event, PublicContents):
        contents = event.model_dump(mode="json", include={"edition", "terms", "items", "heard"})
        row |= {"first": event.first, "last": event.last, "reason": event.reason}
        row["contents"] = json.dumps(contents)
    if isinstance(event, BulletinCorrected):
        row |= {"corrected_on": event.on, "why": event.why}
    if isinstance(event, BulletinWithdrawn):
        row |= {"withdrawn_on": event.on, "withdrawn_for": event.reason, "contents": None}
        row |= {"reason": None, "why": None, "sequence": None}
    row |= {"changed_at": recorded.recorded_at, "changed": recorded.sequence}


TAKES: frozenset[type[Event]] = frozenset((BulletinIssued, BulletinCorrected, BulletinWithdrawn))
read_model = ReadModel("bulletins_v1", log_of("public"), bulletins, keys, apply, takes=TAKES)


class Contents(BaseModel):
    """As the event had them."""

    edition: int
    terms: IssueTerms
    items: Items
    heard: Heard


def contents_of(row: Row) -> Contents:
    """Of one that is not withdrawn."""
    return Contents.model_validate_json(row["contents"])


def newest(
    connection: Connection,
    limit: int,
    places: Collection[str] | None = None,
    before: int | None = None,
) -> list[Row]:
    """None that is withdrawn."""
    return newest_of(connection, read_model, limit, places, before)


def one(connection: Connection, number: int) -> Row | None:
    """Whatever became of it."""
    rows = rows_of(connection, read_model)
    found = connection.execute(select(rows).where(rows.c.number == number)).mappings().first()
    return dict(found) if found else None
