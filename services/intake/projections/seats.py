"""What each checker was drawn for, and what they answered and found."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, Text, select

from services.intake.projections import checkings
from shared.contracts.checking import (
    CheckerAccepted,
    CheckerDeclined,
    CheckerLapsed,
    CheckersDrawn,
    FindingConflicted,
    FindingGiven,
)
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

MOST = 50

metadata = MetaData()
seats = Table(
    "seats_v1",
    metadata,
    Column("seat", String(70), primary_key=True),
    Column("checking_id", String(32), nullable=False),
    Column("member_id", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("until", Instant),
    Column("verdict", String(20)),
    Column("words", Text, nullable=False),
    Column("rests_on", Integer),
    Column("stands_at", Integer),
    Column("drawn_at", Instant, nullable=False),
)
Index("seats_v1_of_member", seats.c.member_id, seats.c.drawn_at)
Index("seats_v1_of_checking", seats.c.checking_id)


def _seat(checking_id: str, member_id: str) -> str:
    return f"{checking_id}:{member_id}"


def keys(event: Event) -> Collection[str]:
    match event:
        case CheckersDrawn():
            return tuple(_seat(event.checking_id, who) for who in event.drawn)
        case CheckerAccepted() | CheckerDeclined() | CheckerLapsed() | FindingGiven():
            return (_seat(event.checking_id, event.member_id),)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckersDrawn() as event:
            for who in event.drawn:
                rows[_seat(event.checking_id, who)] = {
                    "seat": _seat(event.checking_id, who),
                    "checking_id": event.checking_id,
                    "member_id": who,
                    "state": "asked",
                    "until": event.answer_by,
                    "verdict": None,
                    "words": "",
                    "rests_on": None,
                    "stands_at": None,
                    "drawn_at": event.drawn_at,
                }
        case CheckerAccepted() as event:
            _change(rows, event, state="accepted", until=event.find_by)
        case CheckerDeclined() as event:
            _change(rows, event, state="declined", until=None)
        case CheckerLapsed() as event:
            _change(rows, event, state="lapsed", until=None)
        case FindingConflicted() as event:
            _change(rows, event, **_said(event), state="conflict", stands_at=event.stands_at)
        case FindingGiven() as event:
            _change(rows, event, **_said(event), state="found")


def _said(event: FindingGiven) -> dict[str, Any]:
    said = {"verdict": event.verdict, "words": event.words, "rests_on": event.rests_on}
    return said | {"until": None}


def _change(rows: Rows, event: Any, **changed: Any) -> None:
    if (row := rows.get(_seat(event.checking_id, event.member_id))) is not None:
        row.update(changed)


TAKES: frozenset[type[Event]] = frozenset(
    (
        CheckersDrawn,
        CheckerAccepted,
        CheckerDeclined,
        CheckerLapsed,
        FindingGiven,
        FindingConflicted,
    )
)
read_model = ReadModel("seats_v1", log_of("intake"), seats, keys, apply, takes=TAKES)


def of_member(connection: Connection, member_id: str) -> list[Row]:
    """The newest first, each with what it is about, unless that is not public any more."""
    rows = rows_of(connection, read_model)
    own = rows.c.member_id == member_id
    chosen = select(rows).where(own).order_by(rows.c.drawn_at.desc()).limit(MOST)
    found = [dict(row) for row in connection.execute(chosen).mappings()]
    about = checkings.several(connection, {row["checking_id"] for row in found})
    shown = {row["checking_id"]: row for row in checkings.shown(connection, about.values())}
    return [row | {"about": shown.get(row["checking_id"])} for row in found]
