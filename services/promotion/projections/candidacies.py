"""How each candidate stands with each post, from the day on which anything was said of it."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts.event import Event
from shared.contracts.post import (
    CandidateNamed,
    CandidateStoodBack,
    MemberPlaced,
    OfferDeclined,
    OfferLapsed,
    PlacementEnded,
    PlaceOffered,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

Told = (
    CandidateNamed
    | CandidateStoodBack
    | PlaceOffered
    | OfferDeclined
    | OfferLapsed
    | MemberPlaced
    | PlacementEnded
)
STATES: dict[type[Event], str] = {
    CandidateNamed: "named",
    CandidateStoodBack: "back",
    PlaceOffered: "asked",
    OfferDeclined: "declined",
    OfferLapsed: "silent",
    MemberPlaced: "placed",
    PlacementEnded: "ended",
}

metadata = MetaData()
candidacies = Table(
    "candidacies_v1",
    metadata,
    Column("candidacy", String(65), primary_key=True),
    Column("post_id", String(32), nullable=False),
    Column("member_id", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("since", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("candidacies_v1_of", candidacies.c.member_id, candidacies.c.sequence)


def keys(event: Event) -> Collection[str]:
    return (f"{event.post_id}:{event.member_id}",) if isinstance(event, Told) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, Told):
        key = f"{event.post_id}:{event.member_id}"
        rows[key] = {
            "candidacy": key,
            "post_id": event.post_id,
            "member_id": event.member_id,
            "state": STATES[type(event)],
            "since": event.at,
            "sequence": recorded.sequence,
        }


read_model = ReadModel(
    "candidacies_v1",
    log_of("promotion"),
    candidacies,
    keys,
    apply,
    takes=frozenset(STATES),
)


def of_member(connection: Connection, member_id: str, limit: int) -> list[Row]:
    """The latest first."""
    own = rows_of(connection, read_model)
    chosen = select(own).where(own.c.member_id == member_id).order_by(own.c.sequence.desc())
    return [dict(row) for row in connection.execute(chosen.limit(limit)).mappings()]
