"""What people fill in for a society, and what each field takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from services.promotion.domain.federation import (
    InItselfError,
    NotAskedError,
    TooManyFederationsError,
)
from services.promotion.domain.society_registered import OfRegisterError
from services.promotion.domain.society_rules import (
    AppealedError,
    DissolvedError,
    FullError,
    NoAppealError,
    NoMemberError,
    NoSocietyError,
    NotAloneError,
    NotForThemError,
    NotHeldYetError,
    SamePersonError,
    SuspendedError,
    TooManyActivitiesError,
    TooManyOfficesError,
)
from services.promotion.societies.doing import Charter, TooManyADayError, TooMuchADayError
from shared.contracts.society import Office, Succession
from shared.contracts.values import Count, Day, GivenLine, Id, Prose
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

PLACES = ("place", "place2", "place3", "place4", "place5")
SECTORS = ("sector", "sector2", "sector3")
MOST_TAGS, LONGEST_TAG = 10, 40
LONGEST_CAUSE = 4_000
TOO_OLD = marked("This page is too old. Please send it once more.")


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("nothing")
    return text


def _tags(typed: str) -> str:
    tags = tags_of(typed)
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise ValueError("too many or too long")
    return typed


def tags_of(typed: str) -> tuple[str, ...]:
    """Each once, in their order."""
    parts = (" ".join(part.split()) for part in typed.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.strip().isdigit() else -1


Name = Annotated[GivenLine, StringConstraints(max_length=120)]
Text = Annotated[Prose, StringConstraints(max_length=LONGEST_CAUSE), AfterValidator(_something)]
Typed = Annotated[str, StringConstraints(max_length=120)]
Number = Annotated[Count, BeforeValidator(_number)]


class Worded(BaseModel):
    once: Id
    name: Name
    cause: Text
    tags: Annotated[GivenLine | Literal[""], AfterValidator(_tags)] = ""

    @property
    def charter(self) -> Charter:
        return Charter(self.name, self.cause, tags_of(self.tags))


class Founded(Worded):
    """One place at least; up to five, and three sectors."""

    place: Annotated[Typed, StringConstraints(min_length=1)]
    place2: Typed = ""
    place3: Typed = ""
    place4: Typed = ""
    place5: Typed = ""
    sector: Typed = ""
    sector2: Typed = ""
    sector3: Typed = ""
    seen: Literal["yes", ""] = ""

    def chosen(self, fields: Sequence[str]) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(filter(None, (getattr(self, each) for each in fields))))


class Taken(BaseModel):
    words: Id


class Activity(BaseModel):
    once: Id
    what: Text
    place: Annotated[Typed, StringConstraints(min_length=1)]
    on: Day
    came: Annotated[Number, Field(le=1_000_000)]


class Appeal(BaseModel):
    once: Id
    text: Text


class Reason(BaseModel):
    reason: GivenLine


class OfficeOf(BaseModel):
    """`member` is the how many-th to join."""

    member: Number
    what: Literal["give", "take", "lead"]
    office: Office = "deputy"


def _last_part(text: str) -> str:
    """An id, or the address of its page."""
    return text.strip().rstrip("/").rpartition("/")[2]


class OfFederation(BaseModel):
    """`other` is the federation, or a society that asked to be in this one."""

    what: Literal["ask", "leave", "admit", "part"]
    other: Annotated[Id, BeforeValidator(lambda given: _last_part(str(given)))]


class Rule(BaseModel):
    rule: Succession


@dataclass(frozen=True)
class SocietyForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        **dict.fromkeys(("once", "words", "seen"), TOO_OLD),
        "name": marked("Give it a name, in one line of at most 120 characters."),
        "cause": marked("Say what it is for; at most 4,000 characters."),
        "tags": marked("At most ten words with commas between them, of 40 characters each."),
        **dict.fromkeys(PLACES, marked("Choose a place, or everywhere.")),
        **dict.fromkeys(SECTORS, marked("Choose one of them, or none.")),
        "what": marked("Say what was held; at most 4,000 characters."),
        "on": marked("Say on which day, such as 2031-03-04."),
        "came": marked("Say how many came, as a number."),
        "text": marked("Say why; at most 4,000 characters."),
        "reason": marked("Say in one line why, without names."),
        "member": marked("Type the number of a member."),
        "office": marked("Choose an office."),
        "rule": marked("Choose who follows."),
        "other": marked("Type the address of a society’s page."),
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        DissolvedError: marked("This society has ended."),
        OfRegisterError: marked(
            "What it is called, of what it is a member, and whether it goes on, is what its"
            " register says: have it changed there."
        ),
        InItselfError: marked("A federation can not be a member of itself, nor of its members."),
        NotAskedError: marked("This society has not asked, or has taken it back."),
        NoSocietyError: marked("There is no such society."),
        TooManyFederationsError: marked("So many federations are enough for one society."),
        SuspendedError: marked("This society is suspended."),
        NoMemberError: marked("That is for members of the society."),
        NotForThemError: marked("That is for who leads the society, or has an office in it."),
        NotAloneError: marked("It has other members: hand it over to one of them, or leave it."),
        TooManyADayError: marked("So many societies a day are enough. Please go on tomorrow."),
        TooMuchADayError: marked("So much a day is enough. Please go on tomorrow."),
        FullError: marked("So many members are enough for one society."),
        TooManyActivitiesError: marked("So many activities are enough for one society."),
        TooManyOfficesError: marked("So many offices are enough for one society."),
        NotHeldYetError: marked("That day is to come. Say it when it was held."),
        NoAppealError: marked("Nobody has appealed."),
        AppealedError: marked("That was appealed against already."),
        SamePersonError: marked("You suspended it, so somebody else decides about the appeal."),
    }
