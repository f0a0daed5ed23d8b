"""Who belongs to which society, or did, by logins; and which logins are closed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.login import LoginClosed
from shared.contracts.routing import log_of
from shared.contracts.society import (
    MemberForgotten,
    SocietyEvent,
    SocietyFounded,
    SocietyJoined,
    SocietyLeft,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows
from shared.eventsourcing.projections.serving import position, row_of, rows_of
from shared.eventsourcing.timers.calendar import Due

IN, LEFT, FORGOTTEN = "in", "left", "forgotten"
TERM = "forgotten"

metadata = MetaData()
members = Table(
    "society_members_v1",
    metadata,
    Column("membership", String(65), primary_key=True),
    Column("society_id", String(32), nullable=False),
    Column("login_id", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("society_members_v1_of", members.c.login_id, members.c.state, members.c.sequence)
closed = Table(
    "closed_logins_v1",
    metadata,
    Column("login_id", String(32), primary_key=True),
    Column("closed_at", Instant, nullable=False),
)
Index("closed_logins_v1_at", closed.c.closed_at, closed.c.login_id)


def membership(society_id: str, login_id: str) -> str:
    return f"{society_id}:{login_id}"


def named(thing: str) -> tuple[str, str]:
    """Society and login."""
    society_id, _, login_id = thing.partition(":")
    return society_id, login_id


def _who(event: Event) -> tuple[str, str] | None:
    """What becomes of whom."""
    match event:
        case SocietyFounded(founder=who) | SocietyJoined(member_id=who):
            return who, IN
        case SocietyLeft(member_id=who):
            return who, LEFT
        case MemberForgotten(member_id=who):
            return who, FORGOTTEN
        case _:
            return None


def keys(event: Event) -> Collection[str]:
    found = _who(event)
    return (membership(event.aggregate_id, found[0]),) if found else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, SocietyEvent) and (found := _who(event)):
        who, state = found
        key = membership(event.society_id, who)
        rows[key] = {
            "membership": key,
            "society_id": event.society_id,
            "login_id": who,
            "state": state,
            "sequence": recorded.sequence,
        }


def keys_closed(event: Event) -> Collection[str]:
    return (event.login_id,) if isinstance(event, LoginClosed) else ()


def apply_closed(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case LoginClosed(login_id=login_id):
            rows[login_id] = {"login_id": login_id, "closed_at": recorded.recorded_at}


read_model = ReadModel(
    "society_members_v1",
    log_of("promotion"),
    members,
    keys,
    apply,
    takes=frozenset((SocietyFounded, SocietyJoined, SocietyLeft, MemberForgotten)),
)
closed_logins = ReadModel(
    "closed_logins_v1",
    log_of("promotion"),
    closed,
    keys_closed,
    apply_closed,
    takes=frozenset((LoginClosed,)),
)


def of_login(connection: Connection, login_id: str, limit: int) -> list[str]:
    """The societies that they joined last and are in."""
    own = rows_of(connection, read_model).c
    chosen = select(own.society_id).where(own.login_id == login_id, own.state == IN)
    return list(connection.scalars(chosen.order_by(own.sequence.desc()).limit(limit)))


def is_closed(connection: Connection, login_id: str) -> bool:
    return row_of(connection, closed_logins, login_id) is not None


def gone(connection: Connection, now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Memberships of closed logins, of now or of before, that are to be forgotten."""
    own, out = rows_of(connection, read_model), rows_of(connection, closed_logins)
    at, key = out.c.closed_at, own.c.membership
    behind = (after.at, after.thing) if after else None
    chosen = (
        select(at, key)
        .select_from(out.join(own, own.c.login_id == out.c.login_id))
        .where(own.c.state != FORGOTTEN, at < now, beyond(behind, at, key))
        .order_by(at, key)
        .limit(limit)
    )
    return [Due(moment, thing, TERM) for moment, thing in connection.execute(chosen)]


def reached(connection: Connection) -> int:
    """They hold nothing while no rows are shown."""
    found = position(connection, [read_model, closed_logins], read_model.stream)
    return found.sequence if found.is_shown else 0


def forgotten(connection: Connection) -> set[str]:
    """The logins of all who were."""
    own = rows_of(connection, read_model).c
    return set(connection.scalars(select(own.login_id).where(own.state == FORGOTTEN).distinct()))
