"""What editors fill in for a story, and what each field takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from re import fullmatch
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.publishing.domain.story import (
    FindStorySafe,
    HeldError,
    HoldStory,
    NoReasonError,
    NotHeldError,
    NotReviewedError,
    OldTextError,
    OwnTextError,
    PastError,
    PublishStory,
    ReturnStory,
    ReviewStory,
    StoryWithdrawnError,
)
from shared.contracts.story import MOST_SOURCES, Tongue
from shared.contracts.values import ID_PATTERN, GivenLine, Id, Line, Prose
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

LONGEST = 20_000
MOMENT = "%Y-%m-%d %H:%M"
TOO_OLD = marked("This page is too old. Please send it once more.")


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("nothing")
    return text


def _ids(typed: str) -> str:
    ids = typed.split()
    if not 1 <= len(ids) <= MOST_SOURCES or not all(fullmatch(ID_PATTERN, each) for each in ids):
        raise ValueError("no ids")
    return typed


def _moment(typed: str) -> str:
    if typed:
        datetime.strptime(typed, MOMENT).replace(tzinfo=UTC)
    return typed


Number = Annotated[int, Field(ge=1, lt=2**31)]
Moment = Annotated[str, AfterValidator(_moment)]


class Proposed(BaseModel):
    once: Id
    sources: Annotated[str, StringConstraints(max_length=4_000), AfterValidator(_ids)]
    place: Annotated[str, StringConstraints(max_length=120)] = ""


class Written(BaseModel):
    once: Id
    title: Annotated[GivenLine, StringConstraints(max_length=160)]
    text: Annotated[Prose, StringConstraints(max_length=LONGEST), AfterValidator(_something)]
    tongue: Tongue


class Read(BaseModel):
    number: Number


class Returned(Read):
    reason: Line


class Appears(Read):
    """At once, or at a moment in the instance's zone; a correction says `why`."""

    until: Moment = ""
    why: Line | None = None


class Held(BaseModel):
    reason: Line
    ask_at: Annotated[Moment, StringConstraints(min_length=1)]


class Safe(BaseModel):
    pass


class Withdrawn(BaseModel):
    reason: Line


ACTS: Mapping[str, type[BaseModel]] = {
    "review": Read,
    "return": Returned,
    "publish": Appears,
    "hold": Held,
    "safe": Safe,
    "withdraw": Withdrawn,
}
DONE: Mapping[str, Marked] = {
    "review": marked("You have read it, and it may appear."),
    "return": marked("It is to be written anew."),
    "publish": marked("It appears, at once or when you said."),
    "hold": marked("It does not appear before somebody says that it is safe."),
    "safe": marked("It is safe. It appears once somebody publishes it, or when the embargo ends."),
    "withdraw": marked("It is withdrawn, and its words are gone."),
}


def moment_of(typed: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(typed, MOMENT).replace(tzinfo=zone).astimezone(UTC)


def command_of(story_id: str, by: str, now: datetime, typed: BaseModel, zone: ZoneInfo) -> Any:
    """Of all acts but the withdrawing, which takes the words along."""
    match typed:
        case Returned(number=number, reason=reason):
            return ReturnStory(story_id, number, by, now, reason)
        case Appears(number=number, until=until, why=why):
            at = moment_of(until, zone) if until else None
            return PublishStory(story_id, number, by, now, at, why)
        case Read(number=number):
            return ReviewStory(story_id, number, by, now)
        case Held(reason=reason, ask_at=ask_at):
            return HoldStory(story_id, by, now, reason, moment_of(ask_at, zone))
        case _:
            return FindStorySafe(story_id, by, now)


@dataclass(frozen=True)
class NewsroomForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "once": TOO_OLD,
        "number": TOO_OLD,
        "sources": marked("Type the ids of what is public, one in a line; at most fifty."),
        "place": marked("Choose one of the places."),
        "title": marked("Give it a title, in one line of at most 160 characters."),
        "text": marked("Write the text; at most 20,000 characters."),
        "tongue": marked("Say in which language it is, such as en or fr-CA."),
        "reason": marked("Say in one line why, without names."),
        "why": marked("Say in one line why, without names."),
        "until": marked("Type day and time, such as 2031-03-04 09:30, or nothing."),
        "ask_at": marked("Type day and time, such as 2031-03-04 09:30."),
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        StoryWithdrawnError: marked("This story is withdrawn, for ever."),
        OldTextError: marked("Its text is another one by now. Please look at it again."),
        OwnTextError: marked("You wrote this text, so somebody else has to read it."),
        NotReviewedError: marked("A second person has to read it first."),
        HeldError: marked("It is held: somebody has to say first that it is safe."),
        NotHeldError: marked("Nobody holds it."),
        PastError: marked("That moment has passed."),
        NoReasonError: marked("It has appeared before, so say why it is corrected."),
    }
