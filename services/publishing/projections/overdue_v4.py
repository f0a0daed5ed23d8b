"""Checks as the version before kept them: by who has each, but not by when it was due at first."""

from collections.abc import Collection

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    MetaData,
    String,
)

from services.publishing.projections import overdue_v2, settled
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import PublicCheckingEvent
from shared.contracts.public_clock import CheckPaused, CheckResumed, PublicClockEvent
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows

metadata = MetaData()
_more = Column("paused", Boolean), Column("halved_on", Date), Column("rest", String(32))
overdue = overdue_v2.made("overdue_v4", metadata, *_more)
_due = overdue.c.due_on, overdue.c.check
for _by in (overdue.c.owner, overdue.c.place, overdue.c.sector):
    Index(f"overdue_v4_by_{_by.name}", _by, *_due)
Index("overdue_v4_by_due", *_due)
_to_do = overdue.c.done_on.is_(None)
Index("overdue_v4_to_do", *_due, sqlite_where=_to_do, postgresql_where=_to_do)


def keys(event: Event) -> Collection[str]:
    if isinstance(event, public.CheckWordsPassed):
        return (event.check,)
    return overdue_v2.keys(event)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, public.CheckWordsPassed):
        overdue_v2.apply(rows, recorded)
        return
    where = {"check": event.check, "place": event.place, "sector": event.sector}
    row = rows.setdefault(event.check, overdue_v2.NOTHING | where)
    if row["withdrawn_on"]:
        return
    row["owner"] = event.owner
    row["task"] = row["task"] or event.task
    if row["event_id"]:
        row |= {"changed_at": recorded.recorded_at, "changed": recorded.sequence}


def keys_with_owners(event: Event) -> Collection[str]:
    if isinstance(event, public.CheckHandedOver | PublicClockEvent | PublicCheckingEvent):
        return (event.check,)
    return keys(event)


def apply_with_owners(rows: Rows, recorded: RecordedEvent) -> None:
    """By who has it now, as it is due now, whether that waits for somebody else, and what checkers
    found."""
    event = recorded.event
    if not isinstance(event, public.CheckHandedOver | PublicClockEvent | PublicCheckingEvent):
        apply(rows, recorded)
    if (row := rows.get(event.aggregate_id)) is None:
        return
    row.setdefault("paused", False)
    if row["withdrawn_on"]:
        row |= settled.UNHALVED
        return
    row |= {name: row.get(name) for name in settled.UNHALVED}
    if isinstance(event, PublicClockEvent):
        row["due_on"] = event.due_on
    if isinstance(event, CheckPaused | CheckResumed):
        row["paused"] = isinstance(event, CheckPaused)
    if isinstance(event, PublicCheckingEvent):
        settled.apply(row, event)
    if isinstance(event, public.CheckHandedOver):
        row["owner"] = event.to
    if isinstance(event, public.CheckHandedOver | PublicCheckingEvent) and row["event_id"]:
        row |= {"changed_at": recorded.recorded_at, "changed": recorded.sequence}


without_owners = ReadModel(
    "overdue_v3",
    log_of("public"),
    overdue_v2.made("overdue_v3", metadata),
    keys,
    apply,
    overdue_v2.read_model,
)
read_model = ReadModel(
    "overdue_v4", log_of("public"), overdue, keys_with_owners, apply_with_owners, without_owners
)
