"""Societies as the version before kept them, until its rows are replaced everywhere."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

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
    SocietyLeft,
    SocietyReinstated,
    SocietyRevived,
    SocietyReworded,
    SocietySuspended,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows

ACTIVE, DORMANT, SUSPENDED, DISSOLVED = "active", "dormant", "suspended", "dissolved"
MUTE = SocietyLeft | MemberForgotten | SocietyCounted | MembersAsked | SocietyFellDormant
"""By which no member is heard."""

metadata = MetaData()
societies = Table(
    "societies_v1",
    metadata,
    Column("society_id", String(32), primary_key=True),
    Column("words", String(32), nullable=False),
    Column("places", Text, nullable=False),
    Column("sectors", Text, nullable=False),
    Column("life", String(10), nullable=False),
    Column("before", String(10), nullable=False),
    Column("at_least", Integer, nullable=False),
    Column("founded_at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("dormant_at", Instant),
    Column("sequence", BigInteger, nullable=False),
)
Index("societies_v1_due", societies.c.due_at, societies.c.society_id)
Index("societies_v1_newest", societies.c.life, societies.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (event.society_id,) if isinstance(event, SocietyEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, SocietyFounded):
        rows[event.society_id] = {
            "society_id": event.society_id,
            "words": event.words,
            "places": _listed(event.places),
            "sectors": _listed(event.sectors),
            "life": ACTIVE,
            "before": ACTIVE,
            "at_least": 0,
            "founded_at": event.at,
            "heard_at": event.at,
            "due_at": event.at + SILENT_AFTER,
            "dormant_at": None,
            "sequence": recorded.sequence,
        }
    elif isinstance(event, SocietyEvent) and (row := rows.get(event.society_id)):
        _happened(row, event)


def _happened(row: Row, event: SocietyEvent) -> None:
    if not isinstance(event, MUTE):
        row["heard_at"] = max(row["heard_at"], event.at)
        row |= {"due_at": row["heard_at"] + SILENT_AFTER, "dormant_at": None}
    match event:
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
read_model = ReadModel("societies_v1", log_of("promotion"), societies, keys, apply, takes=TAKES)
