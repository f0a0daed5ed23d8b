"""Qualified members with the figures that say why, if they are told; from what is public only."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    func,
    select,
)

from services.publishing.projections.newest import newest_of
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import counts_of, rows_of

metadata = MetaData()

ANYWHERE = "*"
"""No place is named so."""


def _rows(name: str, *, untold: bool = False) -> Table:
    """`untold`: its figures may be so."""
    table = Table(
        name,
        metadata,
        Column("key", String(100), primary_key=True),
        Column("member", String(32), nullable=False),
        Column("place", String(120), nullable=False),
        Column("track", String(60), nullable=False),
        Column("rule_version", Integer, nullable=False),
        Column("on", Date, nullable=False),
        Column("confirmed", Integer, nullable=untold),
        Column("sectors", Integer, nullable=untold),
        Column("days", Integer, nullable=untold),
        Column("refuted_share", Float, nullable=untold),
        Column("event_id", String(32), nullable=False),
        Column("recorded_at", Instant, nullable=False),
        Column("sequence", BigInteger, nullable=False),
    )
    Index(f"{name}_newest", table.c.sequence)
    Index(f"{name}_newest_of_place", table.c.place, table.c.sequence)
    return table


qualified = _rows("qualified_v4", untold=True)


def keys(event: Event) -> Collection[str]:
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


def keys_with_ends(event: Event) -> Collection[str]:
    match event:
        case public.MemberQualified() | public.PublicQualificationEnded():
            return (f"{event.member}:{event.track}",)
        case _:
            return ()


def apply_with_ends(rows: Rows, recorded: RecordedEvent) -> None:
    """Who is qualified no more is not shown."""
    match recorded.event:
        case public.PublicQualificationEnded() as event:
            rows.pop(f"{event.member}:{event.track}", None)
        case _:
            apply(rows, recorded)


def sorts(row: Row) -> tuple[str, ...]:
    return (ANYWHERE, row["place"])


without_counts = ReadModel("qualified_v1", log_of("public"), _rows("qualified_v1"), keys, apply)
with_figures = ReadModel(
    "qualified_v2", log_of("public"), _rows("qualified_v2"), keys, apply, without_counts, sorts
)
for_ever = ReadModel(
    "qualified_v3",
    log_of("public"),
    _rows("qualified_v3", untold=True),
    keys,
    apply,
    with_figures,
    sorts,
)
read_model = ReadModel(
    "qualified_v4",
    log_of("public"),
    qualified,
    keys_with_ends,
    apply_with_ends,
    for_ever,
    sorts,
)


def newest(
    connection: Connection,
    limit: int,
    places: Collection[str] | None = None,
    before: int | None = None,
) -> list[Row]:
    """Who qualified last, in some places or anywhere; `before` a sequence goes on from there."""
    return newest_of(connection, read_model, limit, places, before)


def count(connection: Connection, places: Collection[str] | None = None) -> int:
    counts = counts_of(connection, read_model)
    return sum(counts.get(place, 0) for place in (places if places is not None else (ANYWHERE,)))


def members(connection: Connection, places: Collection[str] | None = None) -> int:
    """How many people that are: one may have qualified on several tracks."""
    rows = rows_of(connection, read_model)
    chosen = select(func.count(rows.c.member.distinct()))
    if places is not None:
        chosen = chosen.where(rows.c.place.in_(places))
    return connection.execute(chosen).scalar_one()
