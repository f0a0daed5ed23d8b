"""What was ever late, as older versions kept it: of the first claim and of the last one, and of two
turns at being late, so that what was raised a third time was late no more."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    MetaData,
    String,
    Table,
    and_,
    false,
    func,
    or_,
    select,
    true,
)

from services.publishing.projections import overdue
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import ClaimRefuted, ClaimUpheld, PublicCheckingEvent
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

late = Table(
    "late_v1",
    metadata,
    Column("check", String(32), primary_key=True),
    Column("place", String(120)),
    Column("due_on", Date),
    Column("known_on", Date),
    Column("done_on", Date),
    Column("done_known_on", Date),
    Column("refuted_known_on", Date),
    Column("redone_on", Date),
    Column("redone_known_on", Date),
    Column("redone_refuted_known_on", Date),
    Column("cleared_known_on", Date),
    Column("again_known_on", Date),
    Column("again_cleared_known_on", Date),
    Column("withdrawn", Boolean, nullable=False),
)
Index("late_v1_by_due", late.c.due_on, late.c.check)

UNSAID = (
    *("place", "due_on", "known_on", "done_on", "done_known_on", "refuted_known_on"),
    *("redone_on", "redone_known_on", "redone_refuted_known_on"),
    *("cleared_known_on", "again_known_on", "again_cleared_known_on"),
)
Key = tuple[date, str]
LOOKED_AT = 5_000
"""So many rows for a page, however few of them were late then."""
TO_NOON = timedelta(hours=12)
"""What is public is recorded at midnight somewhere; at its noon it is that day in UTC as well."""


def keys(event: Event) -> Collection[str]:
    is_of_check = isinstance(event, public.PublicCheckEvent | PublicCheckingEvent) or (
        isinstance(event, public.PublicWithdrawn) and event.what == "check"
    )
    return (event.aggregate_id,) if is_of_check else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what was never late, or is withdrawn, nothing is kept."""
    event, on = recorded.event, (recorded.recorded_at + TO_NOON).date()
    row = rows.get(event.aggregate_id)
    if isinstance(event, public.PublicWithdrawn):
        rows[event.id] = {"check": event.id, "withdrawn": True, **dict.fromkeys(UNSAID)}
    elif isinstance(event, public.CheckOverdue):
        if row and event.tier == 1 and row["cleared_known_on"] and not row["again_known_on"]:
            row["again_known_on"] = on
        elif row is None and event.tier == 1:
            said = {"place": event.place, "due_on": event.due_on, "known_on": on}
            empty: Row = {"check": event.check, "withdrawn": False, **dict.fromkeys(UNSAID)}
            rows[event.check] = empty | said
    elif row is None or row["withdrawn"]:
        return
    elif isinstance(event, public.DoneClaimed | ClaimUpheld):
        row |= _claimed(row, event.done_on, on)
    elif isinstance(event, ClaimRefuted):
        row["redone_refuted_known_on" if row["redone_known_on"] else "refuted_known_on"] = on
    elif isinstance(event, public.OverdueWithdrawn):
        name = "again_cleared_known_on" if row["again_known_on"] else "cleared_known_on"
        row[name] = row[name] or on


def _claimed(row: Row, done_on: date, on: date) -> Row:
    """As long as a claim stands the next one says nothing."""
    if row["done_known_on"] is None:
        return {"done_on": done_on, "done_known_on": on}
    is_refuted = row["redone_refuted_known_on" if row["redone_known_on"] else "refuted_known_on"]
    if not is_refuted:
        return {}
    return {"redone_on": done_on, "redone_known_on": on, "redone_refuted_known_on": None}


TAKES: frozenset[type[Event]] = frozenset(
    (
        *(public.CheckOverdue, public.DoneClaimed, public.OverdueWithdrawn),
        *(public.PublicWithdrawn, ClaimRefuted, ClaimUpheld),
    )
)
read_model = ReadModel("late_v1", log_of("public"), late, keys, apply, takes=TAKES)


def _stood(
    since: ColumnElement[date], until: ColumnElement[date], known: date
) -> ColumnElement[bool]:
    return and_(since <= known, or_(until.is_(None), until > known))


def _done(
    done_on: ColumnElement[date], day: date, stood: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Of what was not claimed it is false, and not unknown."""
    return func.coalesce(and_(done_on <= day, stood), false())


def on_day(
    connection: Connection,
    day: date,
    known: date,
    places: Collection[str] | None,
    after: Key | None,
    limit: int,
) -> tuple[list[Any], Key | None]:
    """(check, place, owner, due day) of what was late at the end of a day, as far as was public at
    the end of the day `known`; of some places or all, by due day. `owner` is as it is known today.
    And behind which it goes on, if it does: at most so many rows are looked at for a page, so fewer
    may be found than asked for, and more be there.
    """
    rows, words = rows_of(connection, read_model).c, rows_of(connection, overdue.read_model).c
    by_due = rows.due_on, rows.check
    where = rows.due_on < day, beyond(after, *by_due)
    looked_at = select(rows.check.table).where(*where).order_by(*by_due).limit(LOOKED_AT).subquery()
    seen = looked_at.c
    redone = _stood(seen.redone_known_on, seen.redone_refuted_known_on, known)
    chosen = (
        select(seen.check, seen.place, words.owner, seen.due_on)
        .join_from(looked_at, words.check.table, words.check == seen.check, isouter=True)
        .where(
            or_(
                _stood(seen.known_on, seen.cleared_known_on, known),
                _stood(seen.again_known_on, seen.again_cleared_known_on, known),
            ),
            ~_done(seen.done_on, day, _stood(seen.done_known_on, seen.refuted_known_on, known)),
            ~_done(seen.redone_on, day, redone),
            true() if places is None else seen.place.in_(places),
        )
        .order_by(seen.due_on, seen.check)
        .limit(limit + 1)
    )
    found = list(connection.execute(chosen).all())
    if len(found) > limit:
        found = found[:limit]
        return found, (found[-1].due_on, found[-1].check)
    ended = select(*by_due).where(*where).order_by(*by_due).offset(LOOKED_AT - 1).limit(1)
    last = connection.execute(ended).first()
    return found, (last.due_on, last.check) if last else None
