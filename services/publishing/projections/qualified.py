"""Qualified members with the figures that say why; from what is public only."""

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    func,
    select,
)

from shared.contracts import public
from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows

metadata = MetaData()

qualified = Table(
    "qualified_v1",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("member", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("track", String(60), nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("sectors", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("refuted_share", Float, nullable=False),
    Column("event_id", String(32), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)


def keys(event: Event) -> Iterable[str]:
    return (_key(event),) if isinstance(event, public.MemberQualified) else ()


def _key(event: public.MemberQualified) -> str:
    return f"{event.member}:{event.track}"


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case public.MemberQualified() as event:
            rows[_key(event)] = {
                "key": _key(event),
                **event.model_dump(),
                "event_id": recorded.id,
                "recorded_at": recorded.recorded_at,
                "sequence": recorded.sequence,
            }


read_model = ReadModel("qualified_v1", "PUBLIC", qualified, keys, apply)


def newest(connection: Connection, limit: int, place: str | None = None) -> list[RowMapping]:
    """Who qualified last, in one place or anywhere."""
    chosen = select(qualified).order_by(qualified.c.sequence.desc()).limit(limit)
    if place is not None:
        chosen = chosen.where(qualified.c.place == place)
    return list(connection.execute(chosen).mappings())


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(qualified)).scalar_one()
