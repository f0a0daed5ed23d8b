"""On which days what a member reported was confirmed, where, about what, and by whom."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    func,
    or_,
    select,
    true,
)

from services.promotion.projections import qualifications
from shared.contracts.event import Event
from shared.contracts.member import OutcomeTakenBack, ReportCredited
from shared.contracts.place import EVERYWHERE
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
evidence = Table(
    "evidence_v1",
    metadata,
    Column("credit", String(280), primary_key=True),
    Column("member_id", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("on", Date, nullable=False),
    Column("confirmer", String(32), nullable=False),
    Column("count", Integer, nullable=False),
)
Index("evidence_v1_of", evidence.c.member_id)

Counting = ReportCredited | OutcomeTakenBack


def keys(event: Event) -> Collection[str]:
    """What is confidential ranks nobody: a placer would read of it where there is little else."""
    match event:
        case ReportCredited(confidential=False):
            return (_key(event),)
        case OutcomeTakenBack(confidential=False, outcome="confirmed"):
            return (_key(event),)
        case _:
            return ()


def _key(event: Counting) -> str:
    parts = event.member_id, event.on.isoformat(), event.confirmer, event.sector, event.place
    return ":".join(parts)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, Counting):
        return
    key = _key(event)
    row = rows.setdefault(
        key,
        {
            "credit": key,
            "member_id": event.member_id,
            "place": event.place,
            "sector": event.sector,
            "on": event.on,
            "confirmer": event.confirmer,
            "count": 0,
        },
    )
    row["count"] += 1 if isinstance(event, ReportCredited) else -1
    if row["count"] <= 0:
        rows.pop(key)


read_model = ReadModel(
    "evidence_v1",
    log_of("promotion"),
    evidence,
    keys,
    apply,
    takes=frozenset((ReportCredited, OutcomeTakenBack)),
)


def of_qualified(
    connection: Connection, tracks: Collection[str], place: str, sector: str
) -> list[tuple[Any, ...]]:
    """Those who are qualified on all these tracks, with what fits a post there. Who is qualified
    the rows of qualifications say: whoever lost one is no candidate from then on."""
    held = rows_of(connection, qualifications.read_model).c
    qualified = (
        select(held.member_id)
        .where(held.track.in_(tracks))
        .group_by(held.member_id)
        .having(func.count(held.track.distinct()) == len(set(tracks)))
    )
    ids = list(connection.scalars(qualified.order_by(held.member_id)))
    own = rows_of(connection, read_model).c
    here, about = _within(own, place), own.sector == sector
    figures = select(
        own.member_id,
        *(
            func.count(of.distinct())
            for of in (
                case((and_(here, about), own.on)),
                case((here, own.on)),
                case((about, own.on)),
                func.nullif(own.confirmer, ""),
                own.sector,
            )
        ),
    ).where(own.member_id.in_(qualified))
    found = {who: rest for who, *rest in connection.execute(figures.group_by(own.member_id))}
    return [(who, *found.get(who, ())) for who in ids]


def _within(rows: Any, place: str) -> ColumnElement[bool]:
    if place == EVERYWHERE:
        return true()
    return or_(rows.place == place, rows.place.startswith(f"{place}.", autoescape=True))
