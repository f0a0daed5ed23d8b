"""What editors fill in for a bulletin, and what each field takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from re import fullmatch
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.publishing.domain.bulletin import (
    BelowFloorError,
    BulletinWithdrawnError,
    IssueBulletin,
    NotReadError,
    NoWhyError,
    OtherEditionError,
    OwnBulletinError,
    ReviewBulletin,
    WithdrawBulletin,
)
from services.publishing.newsroom.bulletins import (
    Composing,
    NothingToTellError,
    ToComeError,
    bulletin_id_of,
)
from services.publishing.site.newsroom_forms import TOO_OLD
from shared.contracts.bulletin import MOST_ITEMS
from shared.contracts.values import EARLIEST, ID_PATTERN, LATEST, Id, Line
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

LONGEST_DAYS = 366


def _day(typed: str) -> str:
    if not EARLIEST.date() <= date.fromisoformat(typed) <= LATEST.date():
        raise ValueError("no day")
    return typed


def _ids(typed: str) -> str:
    ids = typed.split()
    if len(ids) > MOST_ITEMS or not all(fullmatch(ID_PATTERN, each) for each in ids):
        raise ValueError("no ids")
    return typed


Day = Annotated[str, AfterValidator(_day)]
Ids = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(_ids)]
Edition = Annotated[int, Field(ge=1, lt=2**31)]


class Composed(BaseModel):
    once: Id
    edition: Edition
    first: Day
    last: Day
    items: Annotated[int, Field(ge=1, le=MOST_ITEMS)]
    in_front: Ids = ""
    without: Ids = ""

    @property
    def asked(self) -> Composing | None:
        """Nothing where the days are none, or too many."""
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        if not 0 <= (last - first).days < LONGEST_DAYS:
            return None
        in_front = tuple(dict.fromkeys(self.in_front.split()))
        return Composing(first, last, self.items, in_front, frozenset(self.without.split()))


class Read(BaseModel):
    edition: Edition


class Issued(Read):
    reason: Line | None = None
    why: Line | None = None


class Withdrawn(BaseModel):
    reason: Line


ACTS: Mapping[str, type[BaseModel]] = {"review": Read, "issue": Issued, "withdraw": Withdrawn}
DONE: Mapping[str, Marked] = {
    "review": marked("You have read it, and it may be issued."),
    "issue": marked("It is issued."),
    "withdraw": marked("It is withdrawn."),
}


def command_of(number: int, by: str, now: Any, typed: BaseModel) -> Any:
    bulletin_id = bulletin_id_of(number)
    match typed:
        case Issued(edition=edition, reason=reason, why=why):
            return IssueBulletin(bulletin_id, edition, by, now, reason, why)
        case Read(edition=edition):
            return ReviewBulletin(bulletin_id, edition, by, now)
        case Withdrawn(reason=reason):
            return WithdrawBulletin(bulletin_id, by, now, reason)


@dataclass(frozen=True)
class BulletinForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "once": TOO_OLD,
        "edition": TOO_OLD,
        "first": marked("Type a day, such as 2031-03-04."),
        "last": marked("Type a day that is not before the first one, at most a year after it."),
        "items": marked("Type how many items, from 1 to 60."),
        "in_front": marked("Type ids as the issue shows them, one in a line; at most sixty."),
        "without": marked("Type ids as the issue shows them, one in a line; at most sixty."),
        "reason": marked("Say in one line why, without names."),
        "why": marked("Say in one line why, without names."),
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        BulletinWithdrawnError: marked("This bulletin is withdrawn, for ever."),
        OtherEditionError: marked("It has been composed anew meanwhile. Please look at it again."),
        OwnBulletinError: marked("You had it in hand already, so it takes somebody else."),
        ToComeError: marked("That day is still to come."),
        NotReadError: marked("A second person has to read it first."),
        BelowFloorError: marked(
            "The regions have less of it than the charter says. Say why, and it is printed."
        ),
        NoWhyError: marked("It has appeared before, so say why it is corrected."),
        NothingToTellError: marked(
            "Of these days there is nothing that stands in no other issue. Choose other days."
        ),
    }
