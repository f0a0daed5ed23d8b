"""The data set of what was ever late, and since when that was known."""

import json
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from services.publishing.projections import late as lateness
from services.publishing.site.opendata.checks import CHECK, PLACE
from services.publishing.site.opendata.columns import Column, Dataset, Shown
from services.publishing.site.opendata.streamed import streamed
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of
from shared.web.language import marked

OF = {"late": "turns", "done": "claims"}
COLUMNS = (
    CHECK,
    PLACE,
    Column("what", "string", marked("late, or done where that was claimed.")),
    Column("day", "date", marked("Day by whose end it was due, or for which it was claimed done.")),
    Column("known_on", "date", marked("Day since which that was public.")),
    Column("until_on", "date", marked("Day since which it counts no more; empty while it does.")),
)


def rows(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, lateness.read_model)
    chosen = select(there).where(there.c.withdrawn.is_(False)).order_by(there.c.check)
    for row in streamed(shown.connection, chosen):
        for what, column in OF.items():
            for span in json.loads(row[column]):
                day, known_on, until_on = (each and date.fromisoformat(each) for each in span)
                named = {"check": row["check"], "place": row["place"], "what": what}
                yield named | {"day": day, "known_on": known_on, "until_on": until_on}


late = Dataset(
    "late",
    marked("What was late, as was known when"),
    marked("Of each check that was ever late each time that it was, and each claim of done."),
    COLUMNS,
    rows,
)
