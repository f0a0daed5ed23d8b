"""The data set of what was ever late, and since when that was known."""

from collections.abc import Iterator

from sqlalchemy import select

from services.publishing.projections import late as lateness
from services.publishing.site.opendata.checks import CHECK, PLACE
from services.publishing.site.opendata.columns import Column, Dataset, Shown, named
from services.publishing.site.opendata.streamed import streamed
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of
from shared.web.language import marked

COLUMNS = (
    CHECK,
    PLACE,
    Column("due_on", "date", marked("Day by whose end it was due when it was raised.")),
    Column("known_on", "date", marked("Day since which it was public that it is late.")),
    Column("done_on", "date", marked("Day for which it was claimed done at first.")),
    Column("done_known_on", "date", marked("Day since which that claim was public.")),
    Column("refuted_known_on", "date", marked("Day on which that claim was refuted.")),
    Column("redone_on", "date", marked("Day for which it was claimed done last, after that.")),
    Column("redone_known_on", "date", marked("Day since which the last claim was public.")),
    Column("redone_refuted_known_on", "date", marked("Day on which the last claim was refuted.")),
    Column("cleared_known_on", "date", marked("Day since which it was not late after all.")),
    Column("again_known_on", "date", marked("Day since which it is late again, after that.")),
    Column("again_cleared_known_on", "date", marked("Day since which it was not late once more.")),
)


def rows(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, lateness.read_model)
    chosen = select(there).where(there.c.withdrawn.is_(False)).order_by(there.c.check)
    for row in streamed(shown.connection, chosen):
        yield named(COLUMNS, row)


late = Dataset(
    "late",
    marked("What was late, as was known when"),
    marked("Each check that was ever raised, with the days since which each of it was public."),
    COLUMNS,
    rows,
)
