"""The register of checks as a reader asks for it, for programs and for spreadsheets. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field

from services.publishing.projections.register import Key, State, state_of
from services.publishing.site.sorry import NotFoundError
from shared.contracts.identity import is_ours
from shared.contracts.values import EARLIEST, LATEST
from shared.web.csv_cells import harmless
from shared.web.language import Marked, marked

ON_A_PAGE, IN_A_FILE = 50, 10_000
LONGEST_OWNER, LONGEST_DAYS, MOST_DIGITS = 300, 400_000, 6
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""In no name of an owner."""
STATES: dict[State, Marked] = {
    "open": marked("not due yet"),
    "paused": marked("waits for somebody else"),
    "overdue": marked("not done, late"),
    "done": marked("done in time"),
    "done-late": marked("done late"),
    "half-done": marked("half done"),
}
COLUMNS = (
    *("check", "owner", "task", "place", "sector", "due_on", "done_on", "state", "days_late"),
    *("address", "tier", "found", "said_on"),
)


@dataclass(frozen=True)
class ChecksAsked:
    """Due days count both; `age` is how many days ago it was due, or more; `tier` the highest in
    which it was raised."""

    owner: str | None
    place: str | None
    sector: str | None
    state: State | None
    first: date
    last: date
    age: int | None
    after: Key | None
    tier: int | None = None

    @property
    def told(self) -> dict[str, str]:
        """As an address has it, without what is all, and without where it begins."""
        days = {"from": self.first, "until": self.last}
        ends = (EARLIEST.date(), LATEST.date())
        said = {name: str(day) for name, day in days.items() if day not in ends}
        age = "" if self.age is None else str(self.age)
        named = {"owner": self.owner, "place": self.place, "sector": self.sector}
        named |= {"state": self.state, "age": age, "tier": str(self.tier or "")}
        return {name: text for name, text in named.items() if text} | said


class CheckTold(BaseModel):
    """One check of the register. owner and task are null as long as an editor has not passed them;
    task is told once it was late."""

    check: str
    owner: str | None
    task: str | None
    place: str
    sector: str
    due_on: date
    done_on: date | None
    state: State
    days_late: int = Field(description="by today, or by the day on which it was done; 0: not late")
    tier: int | None = Field(description="the highest in which it was raised; null: in none")
    address: str = Field(description="of its page, for good")
    found: Literal["upheld", "unchecked"] | None = Field(
        description="on the claim that stands, by checkers; unchecked: nobody could tell; null:"
        " nobody has looked, or there is none"
    )
    said_on: date | None = Field(
        description="when it was done as its owner said after the due day; it counts once upheld"
    )


class ChecksTold(BaseModel):
    """Of the register, by due day. after is where the next answer begins, null at the end; fewer
    checks than there are room for may be in one that is not the last."""

    checks: list[CheckTold]
    after: str | None


def checks_asked(
    given: Mapping[str, str], places: Mapping[str, str], sectors: Mapping[str, str]
) -> ChecksAsked:
    """Raises NotFoundError: what is linked to is there, and nobody types such addresses."""
    owner, state = given.get("owner", "").strip() or None, given.get("state") or None
    place, sector = given.get("place") or None, given.get("sector") or None
    if (place and place not in places) or (sector and sector not in sectors):
        raise NotFoundError
    if owner and (len(owner) > LONGEST_OWNER or CONTROL.search(owner)):
        raise NotFoundError
    if state is not None and state not in get_args(State):
        raise NotFoundError
    first = _day(given.get("from"), EARLIEST.date())
    last = _day(given.get("until"), LATEST.date())
    age, tier = _number(given.get("age")), _number(given.get("tier"))
    after = _after(given.get("after"))
    return ChecksAsked(owner, place, sector, state, first, last, age, after, tier)  # type: ignore[arg-type]


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise NotFoundError from None


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotFoundError
    return min(int(text), LONGEST_DAYS)


def _after(text: str | None) -> Key | None:
    if not text:
        return None
    day, _, check = text.partition("/")
    if not is_ours(check):
        raise NotFoundError
    return _day(day, EARLIEST.date()), check


def after_told(key: Key | None) -> str | None:
    return f"{key[0]}/{key[1]}" if key else None


def due_by(asked: ChecksAsked, today: date) -> date:
    """The last due day of what was due that many days ago."""
    if asked.age is None:
        return asked.last
    try:
        return min(asked.last, today - timedelta(days=asked.age))
    except OverflowError:
        return EARLIEST.date()


def told(row: Mapping[str, Any], today: date, base: str) -> CheckTold:
    """`base` is the site's address with a slash at its end."""
    until = row["done_on"] or row.get("halved_on") or today
    names = ("check", "owner", "task", "place", "sector", "due_on", "done_on")
    return CheckTold(
        **{name: row[name] for name in names},
        state=state_of(row, today),
        days_late=max((until - row["due_on"]).days, 0),
        address=f"{base}checks/{row['check']}",
        tier=row.get("tier"),
        found=row.get("found"),
        said_on=row.get("said_on"),
    )


def as_csv(checks: Iterable[CheckTold]) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for each in checks:
        values = [getattr(each, name) for name in COLUMNS]
        rows.writerow(["" if value is None else harmless(str(value)) for value in values])
    return text.getvalue()
