"""Overdue checks as older versions kept them: no others, and nothing of what was withdrawn."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows

metadata = MetaData()

overdue = Table(
    "overdue_v1",
    metadata,
    Column("check", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("owner", String(300), nullable=False),
    Column("task", String(300), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("event_id", String(32), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("overdue_v1_newest", overdue.c.sequence)
Index("overdue_v1_newest_of_place", overdue.c.place, overdue.c.sequence)


def keys(event: Event) -> Collection[str]:
    if isinstance(event, public.CheckOverdue | public.DoneClaimed | public.OverdueWithdrawn):
        return (event.check,)
    return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case public.CheckOverdue() as event:
            rows[event.check] = {
                "check": event.check,
                "place": event.place,
                "sector": event.sector,
                "owner": event.owner,
                "task": event.task,
                "due_at": event.due_at,
                "done_at": None,
                "event_id": recorded.id,
                "raised_at": recorded.recorded_at,
                "changed_at": recorded.recorded_at,
                "sequence": recorded.sequence,
            }
        case public.DoneClaimed() as event if event.check in rows:
            rows[event.check] |= {"done_at": event.done_at, "changed_at": recorded.recorded_at}
        case public.OverdueWithdrawn() as event:
            rows.pop(event.check, None)


read_model = ReadModel("overdue_v1", log_of("public"), overdue, keys, apply)
