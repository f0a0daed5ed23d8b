"""How owners keep what they promised, as a reader asks for it, and for a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.publishing.projections.owners import Kept
from services.publishing.site.sorry import NotFoundError
from shared.contracts.values import EARLIEST, LATEST
from shared.web.csv_cells import harmless

ON_A_PAGE, IN_A_FILE = 100, 100_000
LONGEST_OWNER = 300
COLUMNS = (
    *("owner", "due", "in_time", "late", "not_done", "settled", "share_in_time", "oldest_open"),
    "taken_over_late",
)


@dataclass(frozen=True)
class OwnersAsked:
    """Days count both; `after` is an owner whose page was shown."""

    place: str | None
    sector: str | None
    first: date
    last: date
    after: str | None

    @property
    def told(self) -> dict[str, str]:
        """As an address has it, without what is all."""
        days = {"from": self.first, "until": self.last}
        ends = (EARLIEST.date(), LATEST.date())
        said = {name: str(day) for name, day in days.items() if day not in ends}
        named = {"place": self.place, "sector": self.sector}
        return {name: text for name, text in named.items() if text} | said


def owners_asked(
    given: Mapping[str, str], places: Mapping[str, str], sectors: Mapping[str, str]
) -> OwnersAsked:
    """Raises NotFoundError: what is linked to is there, and nobody types such addresses."""
    place, sector = given.get("place") or None, given.get("sector") or None
    after = given.get("after") or None
    if (place and place not in places) or (sector and sector not in sectors):
        raise NotFoundError
    if after and (len(after) > LONGEST_OWNER or "\0" in after):
        raise NotFoundError
    first = _day(given.get("from"), EARLIEST.date())
    return OwnersAsked(place, sector, first, _day(given.get("until"), LATEST.date()), after)


def _day(text: str | None, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFoundError from None


def as_csv(found: Iterable[Kept]) -> str:
    """The denominator beside each share, which is empty where nothing can be told yet."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for each in found:
        share = "" if each.share is None else f"{each.share:.4f}"
        figures = (each.made, each.in_time, each.late, each.not_done, each.settled)
        oldest = each.oldest or ""
        rows.writerow([harmless(each.owner or ""), *figures, share, oldest, each.taken_late])
    return text.getvalue()
