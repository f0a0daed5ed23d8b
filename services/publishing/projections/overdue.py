"""Checks with owner, days, and what was taken back; those that are overdue in the order of their
raising. From what is public only: who has no owner waits for an editor.

How each was kept is counted beside, by owner, place, sector and month of the due day.
"""

from collections.abc import Collection

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    false,
)

from services.publishing.projections import overdue_v1, overdue_v2, overdue_v4, promised
from services.publishing.projections.newest import newest_of
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import CheckHalved
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import Columns, row_of, version

metadata = MetaData()
overdue = overdue_v2.made(
    "overdue_v5",
    metadata,
    Column("paused", Boolean),
    Column("halved_on", Date),
    Column("rest", String(32)),
    Column("tier", Integer),
    Column("first_on", Date),
    Column("claimed", Boolean),
    Column("refuted", Boolean),
    Column("disputed", Boolean),
    Column("of_late", Boolean),
    Column("held", Text),
    Column("apart", Boolean),
)
"""`first_on` is the due day from before it was put off; `held` who had it since when, if it was
handed over; `of_late` is what is left of something that was late. Where it is `apart` it is counted
when it is asked for."""
_due = overdue.c.due_on, overdue.c.check
for _by in (overdue.c.owner, overdue.c.place, overdue.c.sector):
    Index(f"overdue_v5_by_{_by.name}", _by, *_due)
Index("overdue_v5_by_due", *_due)
_to_do, _apart = overdue.c.done_on.is_(None), overdue.c.apart.is_(True)
Index("overdue_v5_to_do", *_due, sqlite_where=_to_do, postgresql_where=_to_do)
Index("overdue_v5_apart", *_due, sqlite_where=_apart, postgresql_where=_apart)
_tiers = overdue.c.tier.is_not(None)
Index("overdue_v5_tiers", overdue.c.tier, *_due, sqlite_where=_tiers, postgresql_where=_tiers)


def keys(event: Event) -> Collection[str]:
    if isinstance(event, CheckHalved):
        return event.check, event.rest
    return overdue_v4.keys_with_owners(event)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """What is left of a check is told of before it is opened."""
    event = recorded.event
    row = rows.get(event.aggregate_id)
    is_left = row is not None and row["due_on"] is None and not row["withdrawn_on"]
    overdue_v4.apply_with_owners(rows, recorded)
    if (row := rows.get(event.aggregate_id)) is None:
        return
    if is_left and isinstance(event, public.CheckOpened):
        row |= {"owner": event.owner or row["owner"], "due_on": event.due_on}
    promised.apply(row, event)
    if isinstance(event, CheckHalved) and (inherited := promised.inherited(row)):
        where = {"check": event.rest, "place": event.place, "sector": event.sector}
        rest = rows.setdefault(event.rest, overdue_v2.NOTHING | promised.NOTHING | where)
        if not rest["withdrawn_on"]:
            rest |= inherited
            rest["apart"] = promised.is_apart(rest) or None


read_model = ReadModel(
    "overdue_v5",
    log_of("public"),
    overdue,
    keys,
    apply,
    overdue_v4.read_model,
    promised.sorts,
)


def newest(
    connection: Connection,
    limit: int,
    places: Collection[str] | None = None,
    before: int | None = None,
) -> list[Row]:
    """The checks raised last, of some places or of all; `before` a sequence goes on from there."""
    found = newest_of(connection, read_model, limit, places, before)
    return [_of_today(row) for row in found] if is_former(connection) else found


def one(connection: Connection, check: str) -> Row | None:
    """A check, whatever became of it. Of an older version's rows nobody can tell."""
    row = row_of(connection, read_model, check)
    is_to_come = row and "due_on" in row and row["due_on"] is None and row["withdrawn_on"] is None
    return None if is_to_come else row


def is_paused(rows: Columns) -> ColumnElement[bool]:
    """Versions before knew nothing of that."""
    return rows.paused.is_(True) if "paused" in rows else false()


def is_halved(rows: Columns) -> ColumnElement[bool]:
    """Versions before knew nothing of that, either."""
    return rows.halved_on.is_not(None) if "halved_on" in rows else false()


def is_former(connection: Connection) -> bool:
    """Whether the rows are still those of the first version, which knows the overdue ones only."""
    return version(connection, read_model) is overdue_v1.read_model


def is_counted(connection: Connection) -> bool:
    """Whether there are counts of how they were kept: versions before had none."""
    return version(connection, read_model) is read_model


def _of_today(row: Row) -> Row:
    done_at = row["done_at"]
    return row | {"due_on": row["due_at"].date(), "done_on": done_at.date() if done_at else None}
