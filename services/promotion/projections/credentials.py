"""Credentials: whose, of which track, where they stand in a list, and whether they are good."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
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

from shared.contracts.credential import CredentialAllowed, CredentialEvent, CredentialWithdrawn
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

GOOD = "good"
"""Or why it ended."""

metadata = MetaData()
credentials = Table(
    "credentials_v1",
    metadata,
    Column("credential_id", String(32), primary_key=True),
    Column("member_id", String(32), nullable=False),
    Column("track", String(60), nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("list_id", String(32), nullable=False),
    Column("place", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("qualified_on", Date),
    Column("state", String(10), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("credentials_v1_members", credentials.c.member_id)
Index("credentials_v1_lists", credentials.c.list_id)


def keys(event: Event) -> Collection[str]:
    return (event.credential_id,) if isinstance(event, CredentialEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case CredentialAllowed() as event:
            rows[event.credential_id] = {
                "credential_id": event.credential_id,
                "member_id": event.member_id,
                "track": event.track,
                "rule_version": event.rule_version,
                "list_id": event.list_id,
                "place": event.index,
                "on": event.on,
                "until": event.until,
                "qualified_on": event.qualified_on,
                "state": GOOD,
                "sequence": recorded.sequence,
            }
        case CredentialWithdrawn() as event if event.credential_id in rows:
            rows[event.credential_id] |= {"state": event.because}


read_model = ReadModel("credentials_v1", log_of("promotion"), credentials, keys, apply)


def of_member(connection: Connection, member_id: str) -> list[Row]:
    """The newest first."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.member_id == member_id).order_by(rows.c.sequence.desc())
    return [dict(row) for row in connection.execute(chosen).mappings()]


def revoked_in(connection: Connection, list_id: str) -> list[int] | None:
    """The places of those that ended; None for a list that there is not."""
    rows = rows_of(connection, read_model)
    chosen = select(rows.c.place, rows.c.state).where(rows.c.list_id == list_id)
    found = connection.execute(chosen).all()
    return [place for place, state in found if state != GOOD] if found else None
