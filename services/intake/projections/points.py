"""Where reports are whose points are public; of what is sealed there is no row."""

from collections.abc import Collection, Mapping
from datetime import datetime
from math import cos, radians

from sqlalchemy import Column, Connection, Float, Index, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.point import METRES_IN_A_DEGREE, Point, read
from shared.contracts.report import ReportFiled
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of

metadata = MetaData()

points = Table(
    "points_v1",
    metadata,
    Column("report_id", String(32), primary_key=True),
    Column("sector", String(60), nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
)
Index("points_v1_near", points.c.sector, points.c.latitude, points.c.longitude)

LEAST_COSINE = 0.01


def keys(event: Event) -> Collection[str]:
    if not isinstance(event, ReportFiled) or event.confidential or event.protected:
        return ()
    return (event.report_id,) if read(event.point) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if keys(event) and isinstance(event, ReportFiled) and (point := read(event.point)):
        rows[event.report_id] = {
            "report_id": event.report_id,
            "sector": event.sector,
            "filed_at": event.filed_at,
            "latitude": point.latitude,
            "longitude": point.longitude,
        }


TAKES: frozenset[type[Event]] = frozenset((ReportFiled,))
read_model = ReadModel("points_v1", log_of("intake"), points, keys, apply, takes=TAKES)


def near(
    connection: Connection,
    sector: str,
    point: Point,
    metres: float,
    span: tuple[datetime, datetime],
    most: int,
    decimals: int | None = None,
) -> Mapping[str, float]:
    """How many metres away, by report, the newest first. With `decimals` all points count as they
    are told to everybody: by asking here nobody learns them any better."""
    own = rows_of(connection, read_model).c
    up = metres / METRES_IN_A_DEGREE + (0 if decimals is None else 10**-decimals)
    aside = up / max(LEAST_COSINE, cos(radians(point.latitude)))
    chosen = (
        select(own.report_id, own.latitude, own.longitude)
        .where(own.sector == sector)
        .where(own.latitude.between(point.latitude - up, point.latitude + up))
        .where(own.longitude.between(point.longitude - aside, point.longitude + aside))
        .where(own.filed_at.between(*span))
        .order_by(own.filed_at.desc())
        .limit(most)
    )
    found = {}
    for report_id, latitude, longitude in connection.execute(chosen):
        there = Point(latitude, longitude)
        there = there if decimals is None else there.rounded(decimals)
        if (away := point.metres_to(there)) <= metres:
            found[report_id] = away
    return found


def point_of(connection: Connection, report_id: str) -> Point | None:
    """None of what is not public, as of what has none."""
    row = row_of(connection, read_model, report_id)
    return Point(row["latitude"], row["longitude"]) if row else None
