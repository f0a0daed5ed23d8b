"""Checks behind the shield of a confidential report, in the order in which they came to it."""

from collections.abc import Collection

from sqlalchemy import Connection, MetaData

from services.intake.projections import words_waiting
from shared.contracts.check import CheckOpened, CheckShielded, ShieldLifted
from shared.contracts.event import Event
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence, row_of

metadata = MetaData()
shielded = words_waiting.table_of("shielded_v2", metadata)


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


def keys_with_owners(event: Event) -> Collection[str]:
    """What is public, or confidential by itself, is behind no shield."""
    return (event.check_id,) if isinstance(event, CheckHandedOver) else keys(event)


def apply_with_owners(rows: Rows, recorded: RecordedEvent) -> None:
    if not isinstance(event := recorded.event, CheckHandedOver):
        apply(rows, recorded)
    elif event.check_id in rows:
        rows[event.check_id].update(owner=event.to)


INTAKE = log_of("intake")
TAKES: frozenset[type[Event]] = frozenset((CheckOpened, CheckShielded, ShieldLifted))
without_owners = ReadModel(
    "shielded_v1",
    INTAKE,
    words_waiting.table_of("shielded_v1", metadata),
    keys,
    apply,
    takes=TAKES,
)
read_model = ReadModel(
    "shielded_v2",
    INTAKE,
    shielded,
    keys_with_owners,
    apply_with_owners,
    without_owners,
    takes=TAKES | {CheckHandedOver},
)


def first(connection: Connection, limit: int, beyond: int | None = None) -> list[Row]:
    """Those that have been behind it longest."""
    return by_sequence(connection, read_model, limit, beyond=beyond)


def one(connection: Connection, check_id: str) -> Row | None:
    return row_of(connection, read_model, check_id)
