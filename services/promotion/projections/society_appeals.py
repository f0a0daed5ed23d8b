"""Appeals of members against the suspension of their society, for the staff to look at."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, Text, select

from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.contracts.society import (
    AppealDeclined,
    SocietyDissolved,
    SocietyReinstated,
    SocietySuspended,
    SuspensionAppealed,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

TAKES = SocietySuspended, SuspensionAppealed, AppealDeclined, SocietyReinstated, SocietyDissolved

metadata = MetaData()
appeals = Table(
    "society_appeals_v1",
    metadata,
    Column("society_id", String(32), primary_key=True),
    Column("suspended_by", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("appealed_at", Instant),
)
Index("society_appeals_v1_open", appeals.c.appealed_at, appeals.c.society_id)


def keys(event: Event) -> Collection[str]:
    return (event.aggregate_id,) if isinstance(event, TAKES) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case SocietySuspended(society_id=society_id, by=by, reason=reason):
            own = {"society_id": society_id, "suspended_by": by, "reason": reason}
            rows[society_id] = own | {"appealed_at": None}
        case SuspensionAppealed(society_id=society_id, at=at) if society_id in rows:
            rows[society_id]["appealed_at"] = at
        case AppealDeclined(society_id=society_id) if society_id in rows:
            rows[society_id]["appealed_at"] = None
        case SocietyReinstated(society_id=society_id) | SocietyDissolved(society_id=society_id):
            rows.pop(society_id, None)


read_model = ReadModel(
    "society_appeals_v1", log_of("promotion"), appeals, keys, apply, takes=frozenset(TAKES)
)


def waiting(connection: Connection, limit: int) -> list[Row]:
    """Those that wait longest first."""
    own = rows_of(connection, read_model)
    chosen = select(own).where(own.c.appealed_at.is_not(None))
    oldest = chosen.order_by(own.c.appealed_at, own.c.society_id).limit(limit)
    return [dict(row) for row in connection.execute(oldest).mappings()]
