"""How commitments were kept, as a reader asks for it, for programs and for spreadsheets. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_args

from pydantic import BaseModel, Field

from services.publishing.projections.kept import By, Kept
from services.publishing.site.sorry import NotFoundError
from shared.contracts.values import EARLIEST, LATEST
from shared.web.csv_cells import harmless

ON_A_PAGE, IN_A_FILE = 100, 100_000
LONGEST_OWNER = 300
COLUMNS = (
    *("owner", "due", "in_time", "late", "not_done", "settled", "share_in_time", "oldest_open"),
    *("taken_over_late", "put_off", "done", "share_done", "claimed", "disputed", "found_undone"),
    *("upheld", "unchecked"),
)


class KeptTold(BaseModel):
    """Of one owner, place, sector or month."""

    of: str | None = Field(description="a name or code, or a month; null: waits for an editor")
    due: int = Field(description="all that was due then; each share has its denominator beside it")
    settled: int = Field(description="in_time, put_off, late and not_done together")
    in_time: int = Field(description="by the day of which it was due at first")
    put_off: int = Field(description="not by that day, but paused or given more time, so not late")
    late: int
    not_done: int
    share_in_time: float | None = Field(description="in_time of settled")
    done: int = Field(description="of settled, whenever")
    share_done: float | None = Field(description="the fix rate: done of settled")
    oldest_open: date | None = Field(description="the first due day of what is not done")
    taken_over_late: int = Field(description="in no share: others had it when it was due")
    claimed: int = Field(description="claimed done")
    disputed: int = Field(description="of claimed: checkers found something else")
    found_undone: int = Field(description="of claimed: and that stands")
    share_undone: float | None = Field(description="found_undone of claimed")
    upheld: int = Field(description="of claimed: checkers found it done, and that stands")
    unchecked: int = Field(description="of claimed: checkers were asked, and nobody could tell")
    share_unchecked: float | None = Field(description="unchecked of claimed")


class Patterns(BaseModel):
    """By name, and no ranking: who is asked for little or hard things is not worse than others.
    Of checks that are public alone, each of which has a page."""

    by: By
    as_of: datetime
    today: date = Field(description="what was due before it and is not done counts as not done")
    rows: list[KeptTold]
    after: str | None = Field(description="what to ask for to get the next ones; null: no more")


@dataclass(frozen=True)
class OwnersAsked:
    """Days count both; `after` is an owner whose page was shown."""

    place: str | None
    sector: str | None
    first: date
    last: date
    after: str | None
    by: By = "owner"

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
    days = _day(given.get("from"), EARLIEST.date()), _day(given.get("until"), LATEST.date())
    return OwnersAsked(place, sector, *days, after)


def patterns_asked(
    given: Mapping[str, str], places: Mapping[str, str], sectors: Mapping[str, str]
) -> OwnersAsked:
    """The same by what is said there; by place, unless it is said. Raises NotFoundError."""
    by = given.get("by") or "place"
    if by not in get_args(By):
        raise NotFoundError
    return replace(owners_asked(given, places, sectors), by=by)  # type: ignore[arg-type]


def _day(text: str | None, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFoundError from None
    if not EARLIEST.date() <= day <= LATEST.date():
        raise NotFoundError
    return day


def told(each: Kept) -> KeptTold:
    return KeptTold(
        of=each.of,
        due=each.made,
        settled=each.settled,
        in_time=each.in_time,
        put_off=each.put_off,
        late=each.late,
        not_done=each.not_done,
        share_in_time=each.share,
        done=each.done,
        share_done=each.fixed,
        oldest_open=each.oldest,
        taken_over_late=each.taken_late,
        claimed=each.claimed,
        disputed=each.disputed,
        found_undone=each.refuted,
        share_undone=each.undone,
        upheld=each.upheld,
        unchecked=each.unchecked,
        share_unchecked=each.unseen,
    )


def as_csv(found: Iterable[Kept], by: By = "owner") -> str:
    """The denominator beside each share, which is empty where nothing can be told yet."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow((by, *COLUMNS[1:]))
    for each in found:
        figures = (each.made, each.in_time, each.late, each.not_done, each.settled)
        timely, oldest = _share(each.share), each.oldest or ""
        more = (each.taken_late, each.put_off, each.done, _share(each.fixed))
        checked = (each.claimed, each.disputed, each.refuted, each.upheld, each.unchecked)
        rows.writerow([harmless(each.of or ""), *figures, timely, oldest, *more, *checked])
    return text.getvalue()


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"
