"""Members who may be drawn as checkers: where they qualified, and when they were drawn of late."""

import json
from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, Text, select

from shared.contracts.checking import (
    CheckerEvent,
    CheckerQualified,
    CheckerReady,
    CheckersDrawn,
    CheckerSteppedBack,
    CheckerUnqualified,
)
from shared.contracts.event import Event
from shared.contracts.person import PersonErased
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of

MOST_DRAWN_KEPT = 50

metadata = MetaData()


def _rows(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("member_id", String(32), primary_key=True),
        Column("place", String(120)),
        Column("qualified_in", BigInteger),
        Column("ready_in", BigInteger),
        Column("ties", Text, nullable=False),
        Column("societies", Text, nullable=False),
        Column("drawn", Text, nullable=False),
    )


checkers = _rows("checkers_v2")
NOBODY: Row = {
    "place": None,
    "qualified_in": None,
    "ready_in": None,
    "ties": "[]",
    "societies": "[]",
    "drawn": "[]",
}


def keys(event: Event) -> Collection[str]:
    match event:
        case CheckerEvent(member_id=who):
            return (who,)
        case CheckersDrawn(drawn=drawn):
            return drawn
        case PersonErased(person_id=who):
            return (who,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckerQualified() as event:
            row = _row(rows, event.member_id)
            row["place"] = event.place
            row["qualified_in"] = row["qualified_in"] or recorded.sequence
        case CheckerReady() as event:
            told = {"ties": list(event.ties), "societies": list(event.societies)}
            said = {name: json.dumps(value) for name, value in told.items()}
            _row(rows, event.member_id).update(said, ready_in=recorded.sequence)
        case CheckerSteppedBack() as event:
            _row(rows, event.member_id)["ready_in"] = None
        case CheckersDrawn() as event:
            for who in event.drawn:
                row = _row(rows, who)
                moments = [*json.loads(row["drawn"]), event.drawn_at.isoformat()]
                row["drawn"] = json.dumps(moments[-MOST_DRAWN_KEPT:])
        case PersonErased() as event:
            rows.pop(event.person_id, None)


def _row(rows: Rows, who: str) -> Row:
    return rows.setdefault(who, {"member_id": who, **NOBODY})


def apply_with_ends(rows: Rows, recorded: RecordedEvent) -> None:
    """Who qualifies again is ready for what is claimed from then on."""
    match recorded.event:
        case CheckerUnqualified(member_id=who):
            if who in rows:
                rows[who].update(place=None, qualified_in=None)
        case _:
            apply(rows, recorded)


TAKES: frozenset[type[Event]] = frozenset(
    (CheckerQualified, CheckerReady, CheckerSteppedBack, CheckersDrawn, PersonErased)
)
TAKES_ENDS = TAKES | {CheckerUnqualified}
for_ever = ReadModel(
    "checkers_v1", log_of("intake"), _rows("checkers_v1"), keys, apply, takes=TAKES
)
read_model = ReadModel(
    "checkers_v2", log_of("intake"), checkers, keys, apply_with_ends, for_ever, takes=TAKES_ENDS
)


def pool(connection: Connection) -> list[Row]:
    """All who are ready and qualified."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.ready_in.is_not(None), rows.c.qualified_in.is_not(None))
    return [dict(row) for row in connection.execute(chosen).mappings()]


def of_member(connection: Connection, member_id: str) -> Row | None:
    return row_of(connection, read_model, member_id)
