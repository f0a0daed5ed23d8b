"""Societies: where, about what, whether they are alive, and when their members are to be asked."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    select,
)

from services.promotion.projections import societies_before
from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.routing import log_of
from shared.contracts.society import (
    SILENT_AFTER,
    MemberForgotten,
    MembersAsked,
    SocietyCounted,
    SocietyDissolved,
    SocietyEvent,
    SocietyFellDormant,
    SocietyFounded,
    SocietyJoined,
    SocietyLeft,
    SocietyRegistered,
    SocietyReinstated,
    SocietyRevived,
    SocietyReworded,
    SocietySuspended,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

ACTIVE, DORMANT, SUSPENDED = "active", "dormant", "suspended"
DISSOLVED, MERGED = "dissolved", "merged"
LISTED = ACTIVE, DORMANT
MUTE = (
    SocietyLeft
    | MemberForgotten
    | SocietyCounted
    | MembersAsked
    | SocietyFellDormant
    | SocietyRegistered
)
"""By which no member is heard."""

metadata = MetaData()
societies = Table(
    "societies_v2",
    metadata,
    Column("society_id", String(32), primary_key=True),
    Column("words", String(32), nullable=False),
    Column("places", Text, nullable=False),
    Column("sectors", Text, nullable=False),
    Column("life", String(10), nullable=False),
    Column("before", String(10), nullable=False),
    Column("is_listed", Boolean, nullable=False),
    Column("members", Integer, nullable=False),
    Column("at_least", Integer, nullable=False),
    Column("founded_at", Instant, nullable=False),
    Column("heard_at", Instant),
    Column("due_at", Instant),
    Column("dormant_at", Instant),
    Column("registry", String(30), nullable=False),
    Column("founded_on", String(10), nullable=False),
    Column("ended_on", String(10), nullable=False),
    Column("merged_into", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("societies_v2_due", societies.c.due_at, societies.c.society_id)
Index("societies_v2_newest", societies.c.is_listed, societies.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.society_id,) if isinstance(event, SocietyEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, SocietyFounded):
        rows[event.society_id] = _new(event, recorded.sequence) | {
            "members": 1,
            "heard_at": event.at,
            "due_at": event.at + SILENT_AFTER,
        }
    elif isinstance(event, SocietyRegistered):
        known = rows.get(event.society_id)
        entry = _new(event, recorded.sequence) if known is None else known
        rows[event.society_id] = entry | _stated(entry, event, recorded.sequence)
    elif isinstance(event, SocietyEvent) and (row := rows.get(event.society_id)):
        _happened(row, event)
        row["is_listed"] = row["life"] in LISTED


def _new(event: SocietyFounded | SocietyRegistered, sequence: int) -> Row:
    """Of a register alone it has no members, and nobody is heard or asked."""
    return {
        "society_id": event.society_id,
        "words": event.words,
        "places": _listed(event.places),
        "sectors": _listed(event.sectors),
        "life": ACTIVE,
        "before": ACTIVE,
        "is_listed": True,
        "members": 0,
        "at_least": 0,
        "founded_at": event.at,
        "heard_at": None,
        "due_at": None,
        "dormant_at": None,
        "registry": "",
        "founded_on": "",
        "ended_on": "",
        "merged_into": "",
        "sequence": sequence,
    }


def _stated(row: Row, event: SocietyRegistered, sequence: int) -> Row:
    """A suspension outlives what a register says meanwhile."""
    told = MERGED if event.merged_into else DISSOLVED if event.ended_on else ACTIVE
    field = "before" if row["life"] == SUSPENDED else "life"
    is_as_before = told == ACTIVE and row[field] in LISTED
    life = row | ({} if is_as_before else {field: told})
    return {
        "words": event.words,
        "places": _listed(event.places),
        "sectors": _listed(event.sectors),
        "life": life["life"],
        "before": life["before"],
        "is_listed": life["life"] in LISTED,
        "registry": event.registry,
        "founded_on": event.founded_on.isoformat() if event.founded_on else "",
        "ended_on": event.ended_on.isoformat() if event.ended_on else "",
        "merged_into": event.merged_into or "",
        "sequence": sequence,
    }


def _happened(row: Row, event: SocietyEvent) -> None:
    if not isinstance(event, MUTE):
        heard_at = max(row["heard_at"] or event.at, event.at)
        row |= {"heard_at": heard_at, "due_at": heard_at + SILENT_AFTER, "dormant_at": None}
    match event:
        case SocietyJoined():
            row["members"] += 1
        case SocietyLeft():
            row["members"] -= 1
            if not row["members"]:
                row |= {"due_at": None, "dormant_at": None}
        case SocietyReworded(words=words):
            row["words"] = words
        case SocietyCounted(at_least=at_least):
            row["at_least"] = at_least
        case MembersAsked(dormant_at=dormant_at):
            row |= {"due_at": dormant_at, "dormant_at": dormant_at}
        case SocietyFellDormant():
            row |= {"life": DORMANT, "dormant_at": None}
        case SocietyRevived():
            row["life"] = ACTIVE
        case SocietySuspended():
            row |= {"before": row["life"], "life": SUSPENDED}
        case SocietyReinstated():
            row["life"] = row["before"]
        case SocietyDissolved():
            row["life"] = DISSOLVED


def _listed(codes: Collection[str]) -> str:
    """With a space around each, so that one is found by its beginning."""
    return f" {' '.join(codes)} "


TAKES = frozenset(each for each in EVENT_TYPES.values() if issubclass(each, SocietyEvent))
read_model = ReadModel(
    "societies_v2",
    log_of("promotion"),
    societies,
    keys,
    apply,
    replaces=societies_before.read_model,
    takes=TAKES,
)
due = DueColumn(read_model, "due_at", lambda rows: rows.life == ACTIVE, "society")


def some(connection: Connection, ids: Collection[str]) -> list[Row]:
    """Whatever they live like."""
    own = rows_of(connection, read_model)
    chosen = select(own).where(own.c.society_id.in_(ids)).order_by(own.c.sequence.desc())
    return [UNTIL_MADE | dict(row) for row in connection.execute(chosen).mappings()]


UNTIL_MADE = {"registry": "", "founded_on": "", "ended_on": "", "merged_into": ""}
"""What the version before did not keep."""
