"""What became of the clocks of checks: paused, moved, passed up, checked; from what is public."""

import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Connection, MetaData, String, Table, Text

from shared.contracts import public, public_checking, public_clock
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import row_of

metadata = MetaData()


def _rows(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("check", String(32), primary_key=True),
        Column("steps", Text, nullable=False),
        Column("withdrawn", Boolean, nullable=False),
    )


clocks = _rows("clocks_v2")
DAYS = {"on", "due_on", "old_due_on", "paused_on", "until_on", "done_on", "said_on"}
NOT_TOLD = {"check", "place", "sector", "owner", "task", "reckoning"}
TO_NOON = timedelta(hours=12)
"""What is public is recorded at midnight somewhere; at its noon it is that day in UTC as well."""


def keys(event: Event) -> Collection[str]:
    match event:
        case public_clock.PublicClockEvent() | public_checking.PublicCheckingEvent():
            return (event.check,)
        case public.CheckOverdue() if event.tier > 1:
            return (event.check,)
        case public.PublicWithdrawn(what="check"):
            return (event.id,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept, and nothing is taken in any more."""
    event = recorded.event
    if isinstance(event, public.PublicWithdrawn):
        rows[event.id] = {"check": event.id, "steps": "[]", "withdrawn": True}
        return
    check = event.aggregate_id
    row = rows.setdefault(check, {"check": check, "steps": "[]", "withdrawn": False})
    steps = json.loads(row["steps"])
    if not row["withdrawn"] and recorded.sequence not in [each["sequence"] for each in steps]:
        row["steps"] = json.dumps([*steps, _step(recorded)])


def _step(recorded: RecordedEvent) -> Row:
    event = recorded.event
    said: dict[str, Any] = json.loads(event.model_dump_json(exclude=NOT_TOLD))
    on = (recorded.recorded_at + TO_NOON).date().isoformat()
    what = type(event).__name__
    return {"on": on, "reason": None} | said | {"what": what, "sequence": recorded.sequence}


TAKES: frozenset[type[Event]] = frozenset(
    (
        *(public_clock.CheckPaused, public_clock.CheckResumed, public_clock.DueDateMoved),
        *(public_clock.MoreTimeAsked, public_clock.MoreTimeDeclined),
        *(public_checking.ClaimRefuted, public_checking.ClaimUpheld, public_checking.CheckHalved),
        *(public.CheckOverdue, public.PublicWithdrawn),
    )
)
without_claims = ReadModel(
    "clocks_v1", log_of("public"), _rows("clocks_v1"), keys, apply, takes=TAKES
)


def keys_with_claims(event: Event) -> Collection[str]:
    """Also what was claimed only after the due day for a day before it, and what nobody could
    check."""
    match event:
        case public_checking.ClaimUnchecked():
            return (event.check,)
        case public.DoneClaimed() if event.said_on:
            return (event.check,)
        case _:
            return keys(event)


read_model = ReadModel(
    "clocks_v2",
    log_of("public"),
    clocks,
    keys_with_claims,
    apply,
    without_claims,
    takes=TAKES | {public.DoneClaimed, public_checking.ClaimUnchecked},
)


def of_check(connection: Connection, check: str) -> list[Row]:
    """In the order in which they became public."""
    row = row_of(connection, read_model, check)
    steps: list[Row] = json.loads(row["steps"]) if row else []
    return [
        each | {name: date.fromisoformat(each[name]) for name in DAYS & each.keys()}
        for each in steps
    ]
