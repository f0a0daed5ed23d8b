"""Privileged acts: who asked for what and why, and what was said to it."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    func,
    select,
)

from shared.contracts.act import ActAllowed, ActDeclined, ActEvent, ActProposed, ActSupported
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence, rows_of

WAITS, ALLOWED, DECLINED = "waits", "allowed", "declined"

metadata = MetaData()
acts = Table(
    "acts_v2",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("about", String(32), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("asked_by", String(32)),
    Column("asked_at", Instant, nullable=False),
    Column("second_person", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("supported_by", String(32)),
    Column("settled_by", String(32)),
    Column("settled_at", Instant),
    Column("answer", String(300), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("acts_v2_newest", acts.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.act_id,) if isinstance(event, ActEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ActProposed() as event:
            rows[event.act_id] = {
                "act_id": event.act_id,
                "kind": event.kind,
                "about": event.about,
                "reason": event.reason,
                "asked_by": event.by,
                "asked_at": recorded.recorded_at,
                "second_person": event.second_person,
                "state": WAITS,
                "supported_by": None,
                "settled_by": None,
                "settled_at": None,
                "answer": "",
                "sequence": recorded.sequence,
            }
        case ActSupported() as event if event.act_id in rows:
            rows[event.act_id] |= {"supported_by": event.by}
        case ActAllowed() as event if event.act_id in rows:
            rows[event.act_id] |= _settled(ALLOWED, event.by, recorded)
        case ActDeclined() as event if event.act_id in rows:
            rows[event.act_id] |= _settled(DECLINED, event.by, recorded) | {"answer": event.reason}


def _settled(state: str, by: str | None, recorded: RecordedEvent) -> Row:
    return {"state": state, "settled_by": by, "settled_at": recorded.recorded_at}


read_model = ReadModel("acts_v2", log_of("promotion"), acts, keys, apply)


def newest(connection: Connection, limit: int) -> list[Row]:
    """Those that were asked for last."""
    return by_sequence(connection, read_model, limit, newest=True)


def count(connection: Connection) -> dict[tuple[str, str], int]:
    """By kind and state."""
    rows = rows_of(connection, read_model)
    by = (rows.c.kind, rows.c.state)
    found = connection.execute(select(*by, func.count()).group_by(*by))
    return {(kind, state): number for kind, state, number in found}
