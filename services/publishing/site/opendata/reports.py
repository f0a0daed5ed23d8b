"""The data set of reports: those that have a page."""

from collections.abc import Iterator

from sqlalchemy import select

from services.publishing.projections import pictures, requests
from services.publishing.site.opendata.columns import (
    DEGREES,
    FEW_OUTCOMES,
    FEW_PLACE,
    FEW_SECTOR,
    NO_POINT,
    PEOPLE,
    RELEASED,
    Column,
    Dataset,
    Shown,
    named,
)
from services.publishing.site.opendata.streamed import streamed
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of
from shared.web.language import marked

COLUMNS = (
    Column("report", "string", marked("Public id of the report.")),
    Column("place", "string", marked("Code of the place."), hidden=FEW_PLACE),
    Column("sector", "string", marked("Code of the sector."), hidden=FEW_SECTOR),
    Column("filed_on", "date", marked("Day in UTC on which it was filed."), hidden=RELEASED),
    Column("updated_on", "date", marked("Day of the last that is public of it.")),
    Column(
        "outcome",
        "string",
        marked("confirmed, refuted, half fixed or reopened; empty while nothing is known."),
        hidden=FEW_OUTCOMES,
    ),
    Column(
        "closed_on",
        "date",
        marked("Day on which it was confirmed or refuted; empty while it is open."),
        hidden=FEW_OUTCOMES,
    ),
    Column("corroborated", "integer", marked("Others who have seen it, too."), PEOPLE),
    Column("latitude", "number", marked("Where it is, north of the equator."), DEGREES, NO_POINT),
    Column("longitude", "number", marked("Where it is, east of Greenwich."), DEGREES, NO_POINT),
    Column(
        "pictures",
        "string",
        marked("Names of its pictures, with blanks between: {address}/{name}.jpg"),
        hidden=marked("Only those that an editor has passed."),
    ),
    Column("address", "string", marked("Address of its page.")),
)


def rows(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, requests.read_model)
    seen = rows_of(shown.connection, pictures.read_model)
    chosen = (
        select(there, seen.c.named)
        .join_from(there, seen, seen.c.report == there.c.id, isouter=True)
        .where(there.c.about == requests.REPORT, there.c.on.is_not(None))
        .order_by(there.c.id)
    )
    for row in streamed(shown.connection, chosen):
        more = {
            "report": row["id"],
            "filed_on": row["on"],
            "pictures": row["named"] or None,
            "address": f"{shown.base}reports/{row['id']}",
        }
        yield named(COLUMNS, row | more)


reports = Dataset(
    "reports",
    marked("Public reports"),
    marked("Each report that is public, without a word of what was written in it."),
    COLUMNS,
    rows,
    point=("latitude", "longitude"),
)
