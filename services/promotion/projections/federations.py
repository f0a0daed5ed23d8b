"""Which society is in which federation, or has asked; by its own decision or a register's word."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.contracts.society import (
    FederationAsked,
    FederationJoined,
    FederationLeft,
    SocietyRegistered,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

ASKED, IN = "asked", "in"

metadata = MetaData()
federations = Table(
    "federations_v1",
    metadata,
    Column("standing", String(65), primary_key=True),
    Column("society_id", String(32), nullable=False),
    Column("federation_id", String(32), nullable=False),
    Column("state", String(10), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index(
    "federations_v1_of",
    federations.c.federation_id,
    federations.c.state,
    federations.c.sequence,
)


def _standing(society_id: str, federation_id: str) -> str:
    return f"{society_id}:{federation_id}"


def keys(event: Event) -> Collection[str]:
    match event:
        case FederationAsked() | FederationJoined() | FederationLeft():
            return (_standing(event.society_id, event.federation_id),)
        case SocietyRegistered(society_id=society_id):
            both = {*event.federations, *event.left_federations}
            return {_standing(society_id, each) for each in both}
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match event := recorded.event:
        case FederationAsked() | FederationJoined():
            state = ASKED if isinstance(event, FederationAsked) else IN
            _put(rows, event.society_id, event.federation_id, state, recorded.sequence)
        case FederationLeft():
            rows.pop(_standing(event.society_id, event.federation_id), None)
        case SocietyRegistered(society_id=society_id):
            for each in event.left_federations:
                rows.pop(_standing(society_id, each), None)
            for each in event.federations:
                _put(rows, society_id, each, IN, recorded.sequence)


def _put(rows: Rows, society_id: str, federation_id: str, state: str, sequence: int) -> None:
    key = _standing(society_id, federation_id)
    rows[key] = {
        "standing": key,
        "society_id": society_id,
        "federation_id": federation_id,
        "state": state,
        "sequence": sequence,
    }


read_model = ReadModel(
    "federations_v1",
    log_of("promotion"),
    federations,
    keys,
    apply,
    takes=frozenset((FederationAsked, FederationJoined, FederationLeft, SocietyRegistered)),
)


def societies_of(connection: Connection, federation_id: str, state: str, limit: int) -> list[str]:
    """The newest first."""
    own = rows_of(connection, read_model).c
    chosen = select(own.society_id).where(own.federation_id == federation_id, own.state == state)
    return list(connection.scalars(chosen.order_by(own.sequence.desc()).limit(limit)))
