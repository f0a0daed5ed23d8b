"""What each checker was drawn for, and what they answered and found."""

import json
from collections.abc import Collection
from datetime import datetime
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
from shared.contracts.person import PersonErased
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import row_of, version

MOST = 50

metadata = MetaData()
by_seat = Table(
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
Index("seats_v1_of_member", by_seat.c.member_id, by_seat.c.drawn_at)
Index("seats_v1_of_checking", by_seat.c.checking_id)
seats = Table(
    "seats_v2",
    metadata,
    Column("member_id", String(32), primary_key=True),
    Column("seats", Text, nullable=False),
)
"""A row for each member, so that nothing is left of who is erased; the last ones alone."""


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
each_alone = ReadModel("seats_v1", log_of("intake"), by_seat, keys, apply, takes=TAKES)


def keys_of_members(event: Event) -> Collection[str]:
    match event:
        case CheckersDrawn():
            return event.drawn
        case PersonErased():
            return (event.person_id,)
        case CheckerAccepted() | CheckerDeclined() | CheckerLapsed() | FindingGiven():
            return (event.member_id,)
        case _:
            return ()


def apply_of_members(rows: Rows, recorded: RecordedEvent) -> None:
    """What is said of a seat that is gone with its member makes none."""
    for who in keys_of_members(recorded.event):
        if isinstance(recorded.event, PersonErased):
            rows.pop(who, None)
            continue
        known: Rows = {each["seat"]: each for each in json.loads(rows.get(who, NONE)["seats"])}
        apply(known, recorded)
        own = [each for each in known.values() if each["member_id"] == who][-MOST:]
        if own:
            rows[who] = {"member_id": who, "seats": json.dumps(own, default=datetime.isoformat)}


NONE: Row = {"seats": "[]"}
read_model = ReadModel(
    "seats_v2",
    log_of("intake"),
    seats,
    keys_of_members,
    apply_of_members,
    each_alone,
    takes=TAKES | {PersonErased},
)


def taken(row: Row) -> list[Row]:
    """The seats of one member's row, in the order in which they were drawn."""
    return [each | _moments(each) for each in json.loads(row["seats"])]


def _moments(seat: Row) -> dict[str, datetime | None]:
    said = {name: seat[name] for name in ("until", "drawn_at")}
    return {name: datetime.fromisoformat(at) if at else None for name, at in said.items()}


def _each_alone(connection: Connection, member_id: str) -> list[Row]:
    rows = by_seat.c
    chosen = select(by_seat).where(rows.member_id == member_id)
    chosen = chosen.order_by(rows.drawn_at.desc()).limit(MOST)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def of_member(connection: Connection, member_id: str) -> list[Row]:
    """The newest first, each with what it is about, unless that is not public any more."""
    if version(connection, read_model) is each_alone:
        found = _each_alone(connection, member_id)
    else:
        row = row_of(connection, read_model, member_id)
        found = taken(row)[::-1] if row else []
    about = checkings.several(connection, {row["checking_id"] for row in found})
    shown = {row["checking_id"]: row for row in checkings.shown(connection, about.values())}
    return [row | {"about": shown.get(row["checking_id"])} for row in found]
