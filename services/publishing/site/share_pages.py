"""The local-share meter: what each region has of the issues against its share of the reports."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.publishing.domain.share import Measure, is_local, lacking, measured
from services.publishing.projections import bulletins
from services.publishing.projections.bulletins import Contents, contents_of
from services.publishing.site.page import Page
from services.publishing.site.reading import Reader, Reading
from shared.contracts.bulletin import IssueTerms
from shared.eventsourcing.projections.read_model import Row
from shared.web.csv_cells import harmless

MOST_ISSUES = 200
COLUMNS = (
    *("bulletin", "on", "first", "last", "region", "of_the_regions"),
    *("reports", "share_of_reports", "items", "share_of_items"),
    *("words", "share_of_words", "leads", "share_of_leads", "below_floor"),
)


@dataclass(frozen=True)
class Metered:
    """One issue: what each region has of it, and what all regions together have."""

    number: int
    on: date
    first: date
    last: date
    terms: IssueTerms
    measures: Sequence[Measure]
    is_below: bool

    @property
    def whole(self) -> Measure:
        return added("", self.measures)

    @property
    def ours(self) -> Measure:
        """Of the regions, without the centre."""
        return added("", [each for each in self.measures if is_local(each.region, self.terms)])


class SharePages:
    """Methods block: use a thread."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def page(self) -> Page:
        with self._reader.reading() as reading:
            issues = self._issues(reading)
            return self._reader.page(
                reading,
                "share.html",
                canonical="bulletins/share",
                place=None,
                issues=issues,
                measures=over_time(issues),
            )

    def as_csv(self) -> Page:
        with self._reader.reading() as reading:
            text = io.StringIO()
            rows = csv.writer(text)
            rows.writerow(COLUMNS)
            for issue in self._issues(reading):
                rows.writerows(_cells(issue, each) for each in issue.measures)
            return Page(text.getvalue(), reading.at, reading.missing)

    def _issues(self, reading: Reading) -> list[Metered]:
        """The newest first; none that is withdrawn."""
        rows = bulletins.newest(reading.connection, MOST_ISSUES)
        return [metered(row, contents_of(row)) for row in rows]


def metered(row: Row, contents: Contents) -> Metered:
    of = contents.items, contents.heard, contents.terms
    days = row["on"], row["first"], row["last"]
    return Metered(row["number"], *days, contents.terms, measured(*of), bool(lacking(*of)))


def over_time(issues: Sequence[Metered]) -> list[Measure]:
    """Of all of them by region, the most reports first."""
    found: dict[str, list[Measure]] = {}
    for issue in issues:
        for each in issue.measures:
            found.setdefault(each.region, []).append(each)
    summed = [added(region, measures) for region, measures in found.items()]
    return sorted(summed, key=lambda each: (-each.reports, each.region))


def added(region: str, measures: Sequence[Measure]) -> Measure:
    total = Measure(region)
    for each in measures:
        total = total.plus(each)
    return total


def _cells(issue: Metered, each: Measure) -> list[str | int]:
    whole = issue.whole
    own = "yes" if is_local(each.region, issue.terms) else "no"
    below = "yes" if issue.is_below else "no"
    days = [str(day) for day in (issue.on, issue.first, issue.last)]
    return [
        issue.number,
        *days,
        harmless(each.region),
        own,
        *(each.reports, _share(each.reports, whole.reports)),
        *(each.items, _share(each.items, whole.items)),
        *(each.words, _share(each.words, whole.words)),
        *(each.leads, _share(each.leads, whole.leads)),
        below,
    ]


def _share(part: int, of: int) -> str:
    """Nothing where it is of nothing."""
    return f"{part / of:.4f}" if of else ""
