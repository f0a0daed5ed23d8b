"""The data sets of what became of checks: verdicts of checkers, due dates, and who had them."""

import json
from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import select

from services.publishing.projections import clocks, holders
from services.publishing.site.opendata.checks import CHECK
from services.publishing.site.opendata.columns import WAITS, Column, Dataset, Shown, named
from services.publishing.site.opendata.streamed import streamed
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of
from shared.web.language import marked

OF_VERDICTS = {"ClaimRefuted", "ClaimUpheld", "CheckHalved"}

SEQUENCE = Column("sequence", "integer", marked("Sequence of the event in PUBLIC."))
ON = Column("on", "date", marked("Day on which it became public."))
WHAT = Column("what", "string", marked("Name of the event in PUBLIC."))
DUE = Column("due_on", "date", marked("Day by whose end the check was due then."))
REASON = Column("reason", "string", marked("Why, as it was written."), hidden=WAITS)

VERDICTS = (
    CHECK,
    SEQUENCE,
    Column("on", "date", marked("Day of the verdict.")),
    WHAT,
    Column("verdict", "string", marked("What checkers agreed on, of a claim that was refuted.")),
    DUE,
    Column("done_on", "date", marked("Day for which it was claimed done.")),
    Column("late", "boolean", marked("Whether it was late, of a claim that was upheld.")),
    Column("rest", "string", marked("Public id of the check of what is left, if it was halved.")),
)
CLOCKS = (
    CHECK,
    SEQUENCE,
    ON,
    WHAT,
    DUE,
    Column("old_due_on", "date", marked("Day by whose end it was due before.")),
    Column("paused_on", "date", marked("Day since which it was paused.")),
    Column("until_on", "date", marked("Day until which its owner asked for time.")),
    Column("why", "string", marked("Why it is due on another day: charter or more-time.")),
    Column("tier", "integer", marked("The tier to which it was passed up.")),
    Column("to", "string", marked("Whom it was passed up to."), hidden=WAITS),
    REASON,
)
HOLDERS = (
    CHECK,
    Column("number", "integer", marked("Which of its owners, in their order from 0.")),
    Column("owner", "string", marked("Who had to do it, as it is written."), hidden=WAITS),
    Column("since", "date", marked("Day since which they had it; empty for the first.")),
    Column("overdue", "boolean", marked("Whether it was late by then.")),
    Column(
        "reason",
        "string",
        marked("Why, as it was written."),
        hidden=marked("Empty unless whoever gave it is trusted."),
    ),
)


def _steps(shown: Shown, columns: tuple[Column, ...], *, of_verdicts: bool) -> Iterator[Row]:
    there = rows_of(shown.connection, clocks.read_model)
    chosen = select(there).where(there.c.withdrawn.is_(False)).order_by(there.c.check)
    for row in streamed(shown.connection, chosen):
        for step in json.loads(row["steps"]):
            if (step["what"] in OF_VERDICTS) == of_verdicts:
                yield _told(row["check"], step, columns, clocks.DAYS)


def _told(check: str, step: Row, columns: tuple[Column, ...], days: Collection[str]) -> Row:
    said = {each.name: step.get(each.name) for each in columns} | {"check": check}
    return {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in said.items()
    }


def _holders(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, holders.read_model)
    chosen = select(there).where(there.c.withdrawn.is_(False))
    for row in streamed(shown.connection, chosen.order_by(there.c.check, there.c.number)):
        yield named(HOLDERS, row)


verdicts = Dataset(
    "verdicts",
    marked("Verdicts of checkers"),
    marked("What checkers made of claims that something was done; nobody of them is named."),
    VERDICTS,
    lambda shown: _steps(shown, VERDICTS, of_verdicts=True),
)
due_dates = Dataset(
    "due-dates",
    marked("What became of due dates"),
    marked("Each pause and each other day of public checks, and to whom they were passed up."),
    CLOCKS,
    lambda shown: _steps(shown, CLOCKS, of_verdicts=False),
)
owners = Dataset(
    "holders",
    marked("Who had which check when"),
    marked("Of public checks that were handed over each of their owners."),
    HOLDERS,
    _holders,
)
