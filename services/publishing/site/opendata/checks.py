"""The data set of checks: those of the register; and of what was withdrawn."""

from collections.abc import Iterator

from sqlalchemy import select

from services.publishing.projections import overdue
from services.publishing.site.checks import told
from services.publishing.site.opendata.columns import (
    DAYS,
    WAITS,
    Column,
    Dataset,
    Shown,
    named,
)
from services.publishing.site.opendata.streamed import streamed
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of
from shared.web.language import marked

CHECK = Column("check", "string", marked("Public id of the check."))
PLACE = Column("place", "string", marked("Code of the place."))
SECTOR = Column("sector", "string", marked("Code of the sector."))

COLUMNS = (
    CHECK,
    Column("owner", "string", marked("Who has to do it, as it is written."), hidden=WAITS),
    Column(
        "task",
        "string",
        marked("What is to be done; told once it was late."),
        hidden=WAITS,
    ),
    PLACE,
    SECTOR,
    Column("due_on", "date", marked("Day by whose end it is due.")),
    Column("first_on", "date", marked("Day of which it was due at first, if it was put off.")),
    Column("done_on", "date", marked("Day for which it is claimed done, if that claim stands.")),
    Column(
        "state",
        "string",
        marked("open, paused, overdue, done, done-late or half-done, on the day of the edition."),
    ),
    Column(
        "days_late", "integer", marked("By the day of the edition, or until it was done."), DAYS
    ),
    Column("tier", "integer", marked("The highest tier in which it was raised; 1 is the owner's.")),
    Column("claimed", "boolean", marked("Whether it was ever claimed done.")),
    Column("disputed", "boolean", marked("Whether checkers ever found a claim not so.")),
    Column("found_undone", "boolean", marked("Whether checkers found it not done, and it stands.")),
    Column("halved_on", "date", marked("Day on which half of it was found done for good.")),
    Column("rest", "string", marked("Public id of the check of what is left, if it was halved.")),
    Column("address", "string", marked("Address of its page.")),
)
WITHDRAWN = (
    CHECK,
    PLACE,
    SECTOR,
    Column("withdrawn_on", "date", marked("Day on which it was taken back.")),
    Column("reason", "string", marked("Why, as it was written for readers.")),
    Column("address", "string", marked("Address of its page.")),
)


def rows(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, overdue.read_model)
    chosen = select(there).where(there.c.withdrawn_on.is_(None), there.c.due_on.is_not(None))
    for row in streamed(shown.connection, chosen.order_by(there.c.check)):
        marks = {name: bool(row[name]) for name in ("claimed", "disputed")}
        more = marks | {"found_undone": bool(row["refuted"])}
        yield named(COLUMNS, row | dict(told(row, shown.today, shown.base)) | more)


def withdrawn_rows(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, overdue.read_model)
    chosen = select(there).where(there.c.withdrawn_on.is_not(None)).order_by(there.c.check)
    for row in streamed(shown.connection, chosen):
        yield named(WITHDRAWN, row | {"address": f"{shown.base}checks/{row['check']}"})


checks = Dataset(
    "checks",
    marked("Public checks"),
    marked("Each check that is public, as the register has it, with the claim that stands."),
    COLUMNS,
    rows,
)
withdrawn = Dataset(
    "withdrawn",
    marked("Withdrawn checks"),
    marked("Checks that were taken back: whoever has a copy lets go of it."),
    WITHDRAWN,
    withdrawn_rows,
)
