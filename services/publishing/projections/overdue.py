"""Overdue checks with owner and days late; from what is public only."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, RowMapping, String, Table, select

from shared.contracts import public
from shared.contracts.event import Event
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
    Column("sequence", BigInteger, nullable=False),
)
Index("overdue_v1_newest", overdue.c.sequence)


def keys(event: Event) -> Iterable[str]:
    shown = isinstance(event, public.CheckOverdue | public.DoneClaimed | public.OverdueWithdrawn)
    return (event.check,) if shown else ()


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
                "sequence": recorded.sequence,
            }
        case public.DoneClaimed() as event if event.check in rows:
            rows[event.check]["done_at"] = event.done_at
        case public.OverdueWithdrawn() as event:
            rows.pop(event.check, None)


read_model = ReadModel("overdue_v1", "PUBLIC", overdue, keys, apply)


def newest(connection: Connection, limit: int, place: str | None = None) -> list[RowMapping]:
    """The checks raised last, of one place or of all."""
    chosen = select(overdue).order_by(overdue.c.sequence.desc()).limit(limit)
    if place is not None:
        chosen = chosen.where(overdue.c.place == place)
    return list(connection.execute(chosen).mappings())
