"""Checks whose owner and task wait for an editor, in the order in which they came in."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, String, Table

from shared.contracts.check import (
    CheckOpened,
    CheckShielded,
    CheckWithdrawn,
    CheckWordsPassed,
    ShieldLifted,
)
from shared.contracts.event import Event
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import by_sequence, row_of

metadata = MetaData()


def table_of(name: str, metadata: MetaData) -> Table:
    """Checks as an editor is shown them, in order."""
    table = Table(
        name,
        metadata,
        Column("check_id", String(32), primary_key=True),
        Column("source", String(60), nullable=False),
        Column("place", String(120), nullable=False),
        Column("sector", String(60), nullable=False),
        Column("owner", String(300), nullable=False),
        Column("task", String(300), nullable=False),
        Column("due_at", Instant, nullable=False),
        Column("sequence", BigInteger, nullable=False),
    )
    Index(f"{name}_in_order", table.c.sequence)
    return table


words_waiting = table_of("words_waiting_v3", metadata)


def keys_of_opened(event: Event) -> Collection[str]:
    """Of a source that is trusted nothing ever waits."""
    waits = isinstance(event, CheckOpened) and not (event.passed or event.confidential)
    ends = isinstance(event, CheckWordsPassed | CheckWithdrawn)
    return (event.aggregate_id,) if waits or ends else ()


def apply_opened(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CheckOpened() as event:
            rows[event.check_id] = row(event, recorded.sequence)
        case CheckWordsPassed() | CheckWithdrawn() as event:
            rows.pop(event.check_id, None)


def keys(event: Event) -> Collection[str]:
    """What is shielded waits for something else first."""
    if isinstance(event, ShieldLifted):
        return () if event.passed else (event.check_id,)
    return (event.check_id,) if isinstance(event, CheckShielded) else keys_of_opened(event)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ShieldLifted() as event:
            rows[event.check_id] = row(event, recorded.sequence)
        case CheckShielded() as event:
            rows.pop(event.check_id, None)
        case _:
            apply_opened(rows, recorded)


def keys_with_owners(event: Event) -> Collection[str]:
    """What is handed over to somebody whose name nobody has passed waits, also once more."""
    if isinstance(event, CheckHandedOver):
        return () if event.told or event.confidential else (event.check_id,)
    return keys(event)


def apply_with_owners(rows: Rows, recorded: RecordedEvent) -> None:
    if not isinstance(event := recorded.event, CheckHandedOver):
        apply(rows, recorded)
        return
    before = rows.get(event.check_id, row(event, recorded.sequence))
    rows[event.check_id] = before | {"owner": event.to}


Rowed = CheckOpened | CheckShielded | ShieldLifted | CheckHandedOver


def row(event: Rowed, sequence: int) -> Row:
    return {
        "check_id": event.check_id,
        "source": event.source,
        "place": event.place,
        "sector": event.sector,
        "owner": event.owner,
        "task": event.task,
        "due_at": event.due_at,
        "sequence": sequence,
    }


INTAKE = log_of("intake")
without_shields = ReadModel(
    "words_waiting_v1", INTAKE, table_of("words_waiting_v1", metadata), keys_of_opened, apply_opened
)
TAKES: frozenset[type[Event]] = frozenset(
    (CheckOpened, CheckShielded, CheckWithdrawn, CheckWordsPassed, ShieldLifted)
)
without_owners = ReadModel(
    "words_waiting_v2",
    INTAKE,
    table_of("words_waiting_v2", metadata),
    keys,
    apply,
    without_shields,
    takes=TAKES,
)
read_model = ReadModel(
    "words_waiting_v3",
    INTAKE,
    words_waiting,
    keys_with_owners,
    apply_with_owners,
    without_owners,
    takes=TAKES | {CheckHandedOver},
)


def first(connection: Connection, limit: int, beyond: int | None = None) -> list[Row]:
    """Those that have waited longest."""
    return by_sequence(connection, read_model, limit, beyond=beyond)


def one(connection: Connection, check_id: str) -> Row | None:
    return row_of(connection, read_model, check_id)
