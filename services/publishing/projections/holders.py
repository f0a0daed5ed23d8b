"""Who had which public check since when, of those that were handed over; from what is public."""

from collections.abc import Collection

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

MOST = 50
"""No check is handed over more often."""

metadata = MetaData()

holders = Table(
    "holders_v1",
    metadata,
    Column("holding", String(44), primary_key=True),
    Column("check", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", String(300)),
    Column("since", Date),
    Column("overdue", Boolean, nullable=False),
    Column("reason", String(300)),
    Column("withdrawn", Boolean, nullable=False),
)
Index("holders_v1_of_check", holders.c.check, holders.c.number)


def _holding(check: str, number: int) -> str:
    return f"{check}/{number}"


def keys(event: Event) -> Collection[str]:
    match event:
        case public.CheckHandedOver(check=check, number=number):
            return (_holding(check, number - 1), _holding(check, number))
        case public.PublicWithdrawn(what="check"):
            return [_holding(event.id, number) for number in range(MOST + 1)]
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Who gave it away first had it from the beginning, as far as is public. Of what is withdrawn
    nothing is kept, and nothing is taken in any more."""
    event = recorded.event
    if isinstance(event, public.PublicWithdrawn):
        for number in range(MOST + 1):
            rows.pop(_holding(event.id, number), None)
        rows[_holding(event.id, 0)] = _row(event.id, 0, None) | {"withdrawn": True}
    elif isinstance(event, public.CheckHandedOver):
        _hand_over(rows, event)


def _hand_over(rows: Rows, event: public.CheckHandedOver) -> None:
    before, after = event.number - 1, event.number
    first = rows.setdefault(_holding(event.check, before), _row(event.check, before, event.owner))
    if first["withdrawn"]:
        return
    how = {"since": event.on, "overdue": event.overdue, "reason": event.reason}
    rows[_holding(event.check, after)] = _row(event.check, after, event.to) | how


def _row(check: str, number: int, owner: str | None) -> Row:
    return {
        "holding": _holding(check, number),
        "check": check,
        "number": number,
        "owner": owner,
        "since": None,
        "overdue": False,
        "reason": None,
        "withdrawn": False,
    }


TAKES: frozenset[type[Event]] = frozenset((public.CheckHandedOver, public.PublicWithdrawn))
read_model = ReadModel("holders_v1", log_of("public"), holders, keys, apply, takes=TAKES)


def of_check(connection: Connection, check: str) -> list[Row]:
    """In their order; nothing of one that was never handed over."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.check == check, ~rows.c.withdrawn).order_by(rows.c.number)
    return [dict(row) for row in connection.execute(chosen).mappings()]
