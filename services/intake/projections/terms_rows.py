"""Checks that wait to be reminded of, or to be passed up, in the order of their due dates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from services.intake.projections import checks, lateness, reminded
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.serving import position, rows_of

Behind = tuple[datetime, str] | None
"""Due date and check id of the last row of the page before."""


def to_remind(
    connection: Connection, begin: datetime, behind: Behind, last: datetime, limit: int
) -> Sequence[Any]:
    """(due date, check id, place) of what runs and is due from one moment to another."""
    rows = rows_of(connection, checks.read_model).c
    done = rows_of(connection, reminded.read_model).c
    before = exists().where(done.check_id == rows.check_id, done.due_at == rows.due_at)
    chosen = (
        select(rows.due_at, rows.check_id, rows.place)
        .where(rows.state == "open", ~before)
        .where(rows.due_at >= (behind[0] if behind else begin), rows.due_at <= last)
        .where(beyond(behind, rows.due_at, rows.check_id))
        .order_by(rows.due_at, rows.check_id)
        .limit(limit)
    )
    return connection.execute(chosen).all()


def to_pass_up(
    connection: Connection, tier: int, begin: datetime, behind: Behind, last: datetime, limit: int
) -> Sequence[Any]:
    """The same of what waits for a tier."""
    rows = rows_of(connection, lateness.read_model).c
    chosen = (
        select(rows.due_at, rows.check_id, rows.place)
        .where(rows.waits == tier)
        .where(rows.due_at >= (behind[0] if behind else begin), rows.due_at <= last)
        .where(beyond(behind, rows.due_at, rows.check_id))
        .order_by(rows.due_at, rows.check_id)
        .limit(limit)
    )
    return connection.execute(chosen).all()


def reached(connection: Connection) -> int:
    """Up to where all of these rows hold the log; 0 while some are not shown."""
    models = (checks.read_model, reminded.read_model, lateness.read_model)
    found = position(connection, models, STREAM)
    return found.sequence if found.is_shown else 0


STREAM = lateness.read_model.stream
