"""How the due dates of checks follow from rules of the charter; from what is public only."""

from collections.abc import Collection

from sqlalchemy import Boolean, Column, Connection, MetaData, String, Table, Text

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_clock import CheckResumed, DueDateMoved
from shared.contracts.reckoning import Reckoning
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import row_of, version

metadata = MetaData()


def _rows(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("check", String(32), primary_key=True),
        Column("said", Text),
        Column("withdrawn", Boolean, nullable=False),
    )


def keys(event: Event) -> Collection[str]:
    match event:
        case public.CheckOpened(reckoning=Reckoning()):
            return (event.check,)
        case public.PublicWithdrawn(what="check"):
            return (event.id,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept, and nothing is taken in any more."""
    event = recorded.event
    if isinstance(event, public.PublicWithdrawn):
        rows[event.id] = {"check": event.id, "said": None, "withdrawn": True}
    elif isinstance(event, public.CheckOpened) and event.reckoning and event.check not in rows:
        said = event.reckoning.model_dump_json()
        rows[event.check] = {"check": event.check, "said": said, "withdrawn": False}


def keys_as_moved(event: Event) -> Collection[str]:
    return (event.check,) if isinstance(event, CheckResumed | DueDateMoved) else keys(event)


def apply_as_moved(rows: Rows, recorded: RecordedEvent) -> None:
    """As it is counted now: none where somebody has said another day."""
    event = recorded.event
    if not isinstance(event, CheckResumed | DueDateMoved):
        apply(rows, recorded)
        return
    row = rows.setdefault(event.check, {"check": event.check, "withdrawn": False})
    if not row["withdrawn"]:
        row["said"] = event.reckoning.model_dump_json() if event.reckoning else None


PUBLIC = log_of("public")
TAKES: frozenset[type[Event]] = frozenset((public.CheckOpened, public.PublicWithdrawn))
as_opened = ReadModel("reckonings_v1", PUBLIC, _rows("reckonings_v1"), keys, apply, takes=TAKES)
reckonings = _rows("reckonings_v2")
read_model = ReadModel(
    "reckonings_v2",
    PUBLIC,
    reckonings,
    keys_as_moved,
    apply_as_moved,
    as_opened,
    takes=TAKES | frozenset[type[Event]]((CheckResumed, DueDateMoved)),
)


def are_made(connection: Connection) -> bool:
    """Until then nobody can tell of a check that no rule was counted by."""
    return version(connection, read_model) is not None


def one(connection: Connection, check: str) -> Reckoning | None:
    """None where no rule was counted by, or it is withdrawn."""
    row = row_of(connection, read_model, check)
    return Reckoning.model_validate_json(row["said"]) if row and row["said"] else None
