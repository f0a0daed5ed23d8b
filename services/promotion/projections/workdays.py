"""On which days members did what others confirmed, or refuted; for whoever looks at lately."""

from collections.abc import Collection
from datetime import date

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
    func,
    or_,
    select,
)

from services.promotion.workdays import Span, Workday, span, told_by
from shared.contracts.event import Event
from shared.contracts.member import (
    FindingCredited,
    OutcomeTakenBack,
    RefutationNoted,
    ReportCredited,
)
from shared.contracts.place import EVERYWHERE
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
workdays = Table(
    "workdays_v1",
    metadata,
    Column("workday", String(300), primary_key=True),
    Column("member_id", String(32), nullable=False),
    Column("on", Date, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("confirmer", String(32), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("place", String(120), nullable=False),
    Column("count", Integer, nullable=False),
)
Index("workdays_v1_on", workdays.c.on)


def keys(event: Event) -> Collection[str]:
    told = told_by(event)
    return (_key(told[0]),) if told else ()


def _key(one: Workday) -> str:
    parts = one.member_id, one.on.isoformat(), one.kind, one.confirmer, one.sector, one.place
    return ":".join(parts)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    if (told := told_by(recorded.event)) is None:
        return
    one, by = told
    key = _key(one)
    row = rows.setdefault(key, {"workday": key, **one._asdict(), "count": 0})
    row["count"] += by
    if row["count"] <= 0:
        rows.pop(key)


read_model = ReadModel(
    "workdays_v1",
    log_of("promotion"),
    workdays,
    keys,
    apply,
    takes=frozenset((ReportCredited, FindingCredited, RefutationNoted, OutcomeTakenBack)),
)


def lately(
    connection: Connection, place: str, sector: str = ""
) -> tuple[Span, list[Workday]] | None:
    """What counts for who rises at a place and in all of it; of all sectors if none is named. None
    while nobody has done anything."""
    own = rows_of(connection, read_model).c
    newest: date | None = connection.scalar(select(func.max(own.on)))
    if newest is None:
        return None
    of = span(newest)
    wanted: list[ColumnElement[bool]] = [own.on >= of.before]
    if place != EVERYWHERE:
        inside = own.place.startswith(f"{place}.", autoescape=True)
        wanted.append(or_(own.place == place, inside))
    if sector:
        wanted.append(own.sector == sector)
    columns = own.member_id, own.on, own.kind, own.confirmer, own.sector, own.place
    found = connection.execute(select(*columns).where(*wanted))
    return of, [Workday(*row) for row in found]
