"""What people fill in about posts, what each field takes, and what is refused why."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from services.promotion.domain.post_rules import (
    ClosedPostError,
    NoCandidateError,
    NominatedThemselvesError,
    NoOfferError,
    NoPostError,
    NoRecallError,
    NoSeatError,
    NotOfThePlaceError,
    NotPlacedError,
    NotQualifiedForPostError,
    NotTwiceError,
    OwnRecallError,
    ReasonWantedError,
    SameChooserError,
    StillPlacedError,
)
from shared.contracts.post import MOST_TRACKS, Days, Seats
from shared.contracts.values import Count, GivenLine, Id
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked


def _number(typed: object) -> object:
    text = str(typed).strip()
    return int(text) if text.isascii() and text.isdigit() else -1


def _tracks(typed: str) -> str:
    names = tracks_of(typed)
    if not names or len(names) > MOST_TRACKS:
        raise ValueError("none or too many")
    return typed


def tracks_of(typed: str) -> tuple[str, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(typed.replace(",", " ").split()))


Typed = Annotated[str, StringConstraints(min_length=1, max_length=120)]
InDays = Annotated[Days, BeforeValidator(_number)]
Decision = Literal["ask", "allow", "refuse", "nobody", "end", "close"]
Doing = Literal["forward", "back", "accept", "decline", "resign", "recall", "unrecall"]


class Opened(BaseModel):
    once: Id
    title: GivenLine
    place: Typed
    sector: Typed
    tracks: Annotated[str, StringConstraints(max_length=700), AfterValidator(_tracks)]
    seats: Annotated[Seats, BeforeValidator(_number)]
    shown: Annotated[Count, BeforeValidator(_number), Field(ge=1, le=50)]
    call_days: InDays
    answer_days: Annotated[InDays, Field(ge=1)]
    probation_days: InDays
    term_days: Annotated[InDays, Field(ge=1)]
    recall_by: Annotated[Count, BeforeValidator(_number)]
    rotates: str = ""


class Decided(BaseModel):
    what: Decision
    who: Annotated[str, StringConstraints(max_length=20)] = ""
    reason: GivenLine | Literal[""] = ""


class Done(BaseModel):
    post: Id
    what: Doing
    seat: Annotated[Count, BeforeValidator(_number)] = 0


class Named(BaseModel):
    post: Id
    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]


_NUMBER = marked("Type a number.")
NOBODY_CALLED_SO = marked("Nobody who is qualified for this post is called so.")
REASON = marked("Say in one line why, without names: everybody reads it.")


class PostForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "once": marked("This page is too old. Please send it once more."),
        "title": marked("Say in one line what the post is."),
        "place": marked("Choose a place, or everywhere."),
        "sector": marked("Choose a sector."),
        "tracks": marked("Type the names of tracks of the charter, with commas between them."),
        "seats": _NUMBER,
        "shown": _NUMBER,
        "call_days": _NUMBER,
        "answer_days": _NUMBER,
        "probation_days": _NUMBER,
        "term_days": _NUMBER,
        "recall_by": _NUMBER,
        "what": marked("Choose what is to be done."),
        "who": marked("Choose one of them."),
        "reason": REASON,
        "post": marked("Choose a post."),
        "code": NOBODY_CALLED_SO,
        "seat": _NUMBER,
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        NoPostError: marked("There is no such post."),
        ClosedPostError: marked("This post is closed."),
        NotQualifiedForPostError: marked("This post wants qualifications that you do not have."),
        NotTwiceError: marked("Who had the seat last does not have it again at once."),
        NominatedThemselvesError: marked("Come forward yourself."),
        NoCandidateError: marked("They are not among the candidates who can be chosen by now."),
        NoSeatError: marked("Nobody is wanted: each seat is filled, or somebody is asked."),
        ReasonWantedError: marked("Who stands behind the first ones is chosen with a reason."),
        SameChooserError: marked("You chose them, so somebody else has to allow it."),
        NoOfferError: marked("You are not asked, or not any more."),
        NotPlacedError: marked("They have no seat."),
        NoRecallError: marked("Nobody is recalled from this post."),
        NotOfThePlaceError: marked("That is for members whose work at the place was confirmed."),
        OwnRecallError: marked("Whoever has a seat resigns."),
        StillPlacedError: marked("Somebody is placed in it: end that first."),
    }
