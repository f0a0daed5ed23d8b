"""Of which due dates the owners of checks were reminded."""

from collections.abc import Collection

from sqlalchemy import Column, MetaData, String, Table

from shared.contracts.clock import CheckReminded
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows

metadata = MetaData()

reminded = Table(
    "reminded_v1",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("due_at", Instant, nullable=False),
)


def keys(event: Event) -> Collection[str]:
    return (event.check_id,) if isinstance(event, CheckReminded) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    if isinstance(event := recorded.event, CheckReminded):
        rows[event.check_id] = {"check_id": event.check_id, "due_at": event.due_at}


TAKES: frozenset[type[Event]] = frozenset((CheckReminded,))
read_model = ReadModel("reminded_v1", log_of("intake"), reminded, keys, apply, takes=TAKES)
