"""Petitions: where, about what, how they stand, and when their term ends."""

from collections.abc import Collection
from datetime import datetime

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

from services.promotion.projections.society_members import closed_logins
from shared.contracts.event import Event
from shared.contracts.petition import (
    AnswerOwed,
    PetitionAnswered,
    PetitionCounted,
    PetitionEvent,
    PetitionHidden,
    PetitionLapsed,
    PetitionReached,
    PetitionStarted,
    StarterForgotten,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import position, rows_of
from shared.eventsourcing.timers.calendar import Due

OPEN, REACHED, ANSWERED, LAPSED = "open", "reached", "answered", "lapsed"
FORGOTTEN = "starter-forgotten"

metadata = MetaData()
petitions = Table(
    "petitions_v1",
    metadata,
    Column("petition_id", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("starter", String(32), nullable=False),
    Column("words", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("needs", Integer, nullable=False),
    Column("at_least", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("due_at", Instant),
    Column("hidden", Boolean, nullable=False),
    Column("forgotten", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("petitions_v1_until", petitions.c.state, petitions.c.until, petitions.c.petition_id)
Index("petitions_v1_newest", petitions.c.sequence)
Index("petitions_v1_by", petitions.c.starter, petitions.c.forgotten)


def keys(event: Event) -> Collection[str]:
    return (event.petition_id,) if isinstance(event, PetitionEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, PetitionStarted):
        rows[event.petition_id] = {
            "petition_id": event.petition_id,
            "place": event.place,
            "sector": event.sector,
            "starter": event.by,
            "words": event.words,
            "state": OPEN,
            "needs": event.needs,
            "at_least": 0,
            "started_at": event.at,
            "until": event.until,
            "due_at": None,
            "hidden": False,
            "forgotten": False,
            "sequence": recorded.sequence,
        }
    elif isinstance(event, PetitionEvent) and (row := rows.get(event.petition_id)):
        _happened(row, event)


def _happened(row: Row, event: PetitionEvent) -> None:
    match event:
        case PetitionCounted(at_least=at_least):
            row["at_least"] = at_least
        case PetitionReached():
            row["state"] = REACHED
        case AnswerOwed(due_at=due_at):
            row["due_at"] = due_at
        case PetitionAnswered():
            row["state"] = ANSWERED
        case PetitionLapsed():
            row["state"] = LAPSED
        case PetitionHidden():
            row["hidden"] = True
        case StarterForgotten():
            row["forgotten"] = True


TAKES: frozenset[type[Event]] = frozenset(
    (
        *(PetitionStarted, PetitionCounted, PetitionReached, AnswerOwed, PetitionAnswered),
        *(PetitionLapsed, PetitionHidden, StarterForgotten),
    )
)
read_model = ReadModel("petitions_v1", log_of("promotion"), petitions, keys, apply, takes=TAKES)
due = DueColumn(read_model, "until", lambda rows: rows.state == OPEN, "petition")


def newest(connection: Connection, before: int | None, limit: int) -> list[Row]:
    """Older than `before`, a sequence."""
    own = rows_of(connection, read_model)
    chosen = select(own).order_by(own.c.sequence.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(own.c.sequence < before)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def gone(connection: Connection, now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Petitions whose starter's login is closed, and that are to forget them."""
    own, out = rows_of(connection, read_model), rows_of(connection, closed_logins)
    at, key = out.c.closed_at, own.c.petition_id
    behind = (after.at, after.thing) if after else None
    chosen = (
        select(at, key)
        .select_from(out.join(own, own.c.starter == out.c.login_id))
        .where(own.c.forgotten.is_(False), at < now, beyond(behind, at, key))
        .order_by(at, key)
        .limit(limit)
    )
    return [Due(moment, thing, FORGOTTEN) for moment, thing in connection.execute(chosen)]


def starters(connection: Connection, ids: Collection[str]) -> set[str]:
    own = rows_of(connection, read_model).c
    return set(connection.scalars(select(own.starter).where(own.petition_id.in_(ids))))


def forgotten(connection: Connection) -> set[str]:
    """The logins of all who were."""
    own = rows_of(connection, read_model).c
    return set(connection.scalars(select(own.starter).where(own.forgotten.is_(True)).distinct()))


def reached(connection: Connection) -> int:
    """They hold nothing while no rows are shown."""
    found = position(connection, [read_model, closed_logins], read_model.stream)
    return found.sequence if found.is_shown else 0
