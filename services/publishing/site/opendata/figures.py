"""The data sets of figures: of places, of how commitments were kept, and who qualified."""

from collections.abc import Iterator
from typing import get_args

from sqlalchemy import select

from services.publishing.projections import board, kept, qualified
from services.publishing.site.opendata.columns import (
    CHECKS,
    DAYS,
    FEW_PLACE,
    LESS,
    PEOPLE,
    RELEASED,
    REPORTS,
    SHARE,
    UNTOLD,
    WAITS,
    Column,
    Dataset,
    Shown,
    named,
)
from services.publishing.site.opendata.streamed import streamed
from services.publishing.site.owners import IN_A_FILE, told
from services.publishing.site.places import Register
from shared.contracts.values import EARLIEST, LATEST
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of
from shared.web.language import marked

PLACES = (
    Column("place", "string", marked("Code of the place; its figures are of all that lies in it.")),
    Column("name", "string", marked("Name of the place.")),
    Column("reports", "integer", marked("Reports that are public."), REPORTS, LESS),
    Column("confirmed", "integer", marked("Reports that were confirmed."), REPORTS, LESS),
    Column("refuted", "integer", marked("Reports that were refuted."), REPORTS, LESS),
    Column("checks", "integer", marked("Checks that are public."), CHECKS),
    Column("done_in_time", "integer", marked("Checks that were done in time."), CHECKS),
    Column("overdue", "integer", marked("Checks that were ever overdue."), CHECKS),
    Column("still_overdue", "integer", marked("Checks that are overdue and not done."), CHECKS),
    Column(
        "qualifications",
        "integer",
        marked("Qualifications of members: a person may have several."),
        marked("number of qualifications"),
        LESS,
    ),
    Column("members", "integer", marked("Members who have a qualification."), PEOPLE, LESS),
    Column("address", "string", marked("Address of its page.")),
)
KEPT = (
    Column("by", "string", marked("What the row is of: owner, place, sector or month.")),
    Column("of", "string", marked("Its name or code, or the month of the due day."), hidden=WAITS),
    Column("due", "integer", marked("All that was or is due."), CHECKS),
    Column("settled", "integer", marked("What can be told whether it was kept."), CHECKS),
    Column("in_time", "integer", marked("Done by the day of which it was due at first."), CHECKS),
    Column("put_off", "integer", marked("Paused or given more time beyond that day."), CHECKS),
    Column("late", "integer", marked("Done late."), CHECKS),
    Column("not_done", "integer", marked("Not done, though the day is over."), CHECKS),
    Column("share_in_time", "number", marked("in_time of settled."), SHARE),
    Column("done", "integer", marked("Done of settled, whenever."), CHECKS),
    Column("share_done", "number", marked("done of settled."), SHARE),
    Column("oldest_open", "date", marked("The first due day of what is not done.")),
    Column("taken_over_late", "integer", marked("Taken over when it was late."), CHECKS),
    Column("claimed", "integer", marked("Claimed done."), CHECKS),
    Column("disputed", "integer", marked("Of claimed: checkers found something else."), CHECKS),
    Column("found_undone", "integer", marked("Of disputed: and that stands."), CHECKS),
    Column("share_undone", "number", marked("found_undone of claimed."), SHARE),
)
QUALIFIED = (
    Column(
        "member",
        "string",
        marked("Pseudonym of the member."),
        hidden=marked("Another one on each track where a protected report has a part in it."),
    ),
    Column("track", "string", marked("Name of the rule, which is a track of the charter.")),
    Column("rule_version", "integer", marked("Version of that rule.")),
    Column("place", "string", marked("Code of the place."), hidden=FEW_PLACE),
    Column("on", "date", marked("Day in UTC of the qualification."), hidden=RELEASED),
    Column("confirmed", "integer", marked("Confirmed reports."), REPORTS, UNTOLD),
    Column("sectors", "integer", marked("In how many sectors."), hidden=UNTOLD),
    Column("days", "integer", marked("On how many days."), DAYS, UNTOLD),
    Column(
        "refuted_share",
        "number",
        marked("Refuted reports of all that were settled."),
        SHARE,
        UNTOLD,
    ),
)


def _places(shown: Shown) -> Iterator[Row]:
    """As the pages of places have it."""
    register, rows = Register(shown.charter.places), board.all_places(shown.connection)
    for place in sorted(register.names):
        within = register.within(place)
        those = None if within is None else frozenset(within)
        yield {
            "place": place,
            "name": register.name(place),
            **board.totals(row for row in rows if those is None or row["place"] in those),
            "qualifications": qualified.count(shown.connection, within),
            "members": qualified.members(shown.connection, within),
            "address": f"{shown.base}place/{place}",
        }


def _kept(shown: Shown) -> Iterator[Row]:
    days = shown.today, EARLIEST.date(), LATEST.date()
    for by in get_args(kept.By):
        asked = kept.Asked(*days, limit=IN_A_FILE, by=by)
        for each in kept.found(shown.connection, asked):
            yield named(KEPT, {"by": by, **dict(told(each))})


def _qualified(shown: Shown) -> Iterator[Row]:
    there = rows_of(shown.connection, qualified.read_model)
    for row in streamed(shown.connection, select(there).order_by(there.c.key)):
        yield named(QUALIFIED, row)


places = Dataset(
    "places",
    marked("Figures of places"),
    marked("Of each place of the register the figures that its page shows."),
    PLACES,
    _places,
    has_areas=True,
)
commitments = Dataset(
    "kept",
    marked("How commitments were kept"),
    marked("By owner, place, sector and month of the due day, by name and without a rank."),
    KEPT,
    _kept,
)
members = Dataset(
    "qualified",
    marked("Qualified members"),
    marked("Who met the rule of a track, by a pseudonym."),
    QUALIFIED,
    _qualified,
)
