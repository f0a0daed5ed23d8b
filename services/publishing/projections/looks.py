"""Which pictures of what checkers found editors have passed, by check; from what is public only."""

from collections.abc import Collection

from sqlalchemy import Boolean, Column, Connection, MetaData, String, Table, Text

from shared.contracts import public, public_checking
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import row_of

metadata = MetaData()

looks = Table(
    "looks_v1",
    metadata,
    Column("check", String(32), primary_key=True),
    Column("named", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
)


def keys(event: Event) -> Collection[str]:
    match event:
        case public_checking.PicturePassed() | public_checking.PictureTakenBack():
            return (event.check,)
        case public.PublicWithdrawn(what="check"):
            return (event.id,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept, and nothing is taken in any more."""
    event = recorded.event
    row = rows.setdefault(
        event.aggregate_id, {"check": event.aggregate_id, "named": "", "withdrawn": False}
    )
    named: list[str] = row["named"].split()
    if isinstance(event, public.PublicWithdrawn):
        row |= {"named": "", "withdrawn": True}
    elif isinstance(event, public_checking.PicturePassed) and not row["withdrawn"]:
        row["named"] = " ".join(dict.fromkeys([*named, event.picture]))
    elif isinstance(event, public_checking.PictureTakenBack):
        row["named"] = " ".join(each for each in named if each != event.picture)


TAKES: frozenset[type[Event]] = frozenset(
    (public_checking.PicturePassed, public_checking.PictureTakenBack, public.PublicWithdrawn)
)
read_model = ReadModel("looks_v1", log_of("public"), looks, keys, apply, takes=TAKES)


def of_check(connection: Connection, check: str) -> list[str]:
    """Their names, in the order in which they were passed."""
    row = row_of(connection, read_model, check)
    return row["named"].split() if row else []
