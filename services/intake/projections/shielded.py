"""Checks behind the shield of a confidential report, in the order in which they came to it."""

from collections.abc import Collection

from sqlalchemy import Connection, MetaData

from services.intake.projections import words_waiting
from shared.contracts.check import CheckOpened, CheckShielded, ShieldLifted
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence, row_of

metadata = MetaData()
shielded = words_waiting.table_of("shielded_v1", metadata)


def keys(event: Event) -> Collection[str]:
    """Where no report is confidential there are none."""
    if isinstance(event, CheckOpened):
        return (event.check_id,) if event.shielded else ()
    return (event.aggregate_id,) if isinstance(event, CheckShielded | ShieldLifted) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckOpened() | CheckShielded() as event:
            rows[event.check_id] = words_waiting.row(event, recorded.sequence)
        case ShieldLifted() as event:
            rows.pop(event.check_id, None)


TAKES: frozenset[type[Event]] = frozenset((CheckOpened, CheckShielded, ShieldLifted))
read_model = ReadModel("shielded_v1", log_of("intake"), shielded, keys, apply, takes=TAKES)


def first(connection: Connection, limit: int) -> list[Row]:
    """Those that have been behind it longest."""
    return by_sequence(connection, read_model, limit)


def one(connection: Connection, check_id: str) -> Row | None:
    return row_of(connection, read_model, check_id)
