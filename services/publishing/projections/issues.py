"""Bulletins as the newsroom has them: how far each is, and up to which day they go."""

import json
from collections.abc import Collection
from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
)

from shared.contracts.bulletin import (
    BulletinCalled,
    BulletinComposed,
    BulletinCorrected,
    BulletinEvent,
    BulletinIssued,
    BulletinReviewed,
    BulletinWithdrawn,
)
from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import position, rows_of

metadata = MetaData()
issues = Table(
    "issues_v1",
    metadata,
    Column("bulletin_id", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("stage", String(10), nullable=False),
    Column("last", Date, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("issued", Boolean, nullable=False),
    Column("used", Text, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("issues_v1_number", issues.c.number)
Index("issues_v1_last", issues.c.last)
Index("issues_v1_stage", issues.c.stage)


def keys(event: Event) -> Collection[str]:
    return (event.bulletin_id,) if isinstance(event, BulletinEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, BulletinEvent):
        return
    row = rows.get(event.bulletin_id)
    if row is None:
        if not isinstance(event, BulletinCalled | BulletinComposed):
            return
        row = rows[event.bulletin_id] = {
            "bulletin_id": event.bulletin_id,
            "place": event.place,
            "number": event.number,
            "last": event.last,
            "edition": 0,
            "issued": False,
            "used": "[]",
        }
    match event:
        case BulletinCalled():
            row |= {"stage": "called", "last": event.last}
        case BulletinComposed():
            # what readers see stands there until they see something else
            seen = json.loads(row["used"]) if row["issued"] else []
            used = dict.fromkeys((*seen, *(each.id for each in event.items)))
            row |= {"stage": "composed", "last": event.last, "used": json.dumps([*used])}
            row["edition"] = event.edition
        case BulletinReviewed():
            row["stage"] = "reviewed"
        case BulletinIssued() | BulletinCorrected():
            row |= {"stage": "issued", "issued": True}
            row["used"] = json.dumps([each.id for each in event.items])
        case BulletinWithdrawn():
            row |= {"stage": "withdrawn", "used": "[]"}
    row |= {"moved_at": event.at, "sequence": recorded.sequence}


TAKES = frozenset(each for each in EVENT_TYPES.values() if issubclass(each, BulletinEvent))
read_model = ReadModel("issues_v1", log_of("publishing"), issues, keys, apply, takes=TAKES)


def newest(connection: Connection, limit: int) -> list[Row]:
    """The highest numbers first."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).order_by(rows.c.number.desc()).limit(limit)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def last_day(connection: Connection, number: int | None = None) -> date | None:
    """Up to which there was one, or one was asked for, before that of a `number`; also one that
    was withdrawn."""
    rows = rows_of(connection, read_model)
    chosen = select(func.max(rows.c.last))
    if number is not None:
        chosen = chosen.where(rows.c.number < number)
    found: date | None = connection.execute(chosen).scalar()
    return found


def reached(connection: Connection) -> int:
    """It holds nothing while no rows are shown."""
    found = position(connection, [read_model], read_model.stream)
    return found.sequence if found.is_shown else 0


def last_number(connection: Connection) -> int:
    """0 where there is none."""
    rows = rows_of(connection, read_model)
    return connection.execute(select(func.max(rows.c.number))).scalar() or 0


def called(connection: Connection) -> list[Row]:
    """Those that are to be composed."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.stage == "called").order_by(rows.c.number)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def used(connection: Connection, but: str) -> set[str]:
    """What stands in an issue, `but` for one of them."""
    rows = rows_of(connection, read_model)
    chosen = select(rows.c.used).where(rows.c.bulletin_id != but, rows.c.stage != "withdrawn")
    return {each for text in connection.execute(chosen).scalars() for each in json.loads(text)}
