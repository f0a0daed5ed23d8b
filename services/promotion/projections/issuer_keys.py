"""The keys by which credentials are verified, with those of before."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.issuer_key import IssuerKeyAnnounced, IssuerKeyEnded, IssuerKeyEvent
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
issuer_keys = Table(
    "issuer_keys_v1",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("public_key", String(64), nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)


def keys(event: Event) -> Collection[str]:
    return (event.key_id,) if isinstance(event, IssuerKeyEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case IssuerKeyAnnounced() as event:
            rows[event.key_id] = {
                "key_id": event.key_id,
                "public_key": event.public_key,
                "ended": False,
                "sequence": recorded.sequence,
            }
        case IssuerKeyEnded() as event if event.key_id in rows:
            rows[event.key_id] |= {"ended": True}


read_model = ReadModel("issuer_keys_v1", log_of("promotion"), issuer_keys, keys, apply)


def known(connection: Connection) -> list[Row]:
    """The oldest first, also those that were ended."""
    rows = rows_of(connection, read_model)
    found = connection.execute(select(rows).order_by(rows.c.sequence)).mappings()
    return [dict(row) for row in found]
