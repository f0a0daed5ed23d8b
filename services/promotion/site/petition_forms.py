"""What people fill in for a petition, and what each field takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, StringConstraints

from services.promotion.domain.petition_rules import (
    AnsweredError,
    FullError,
    LapsedError,
    NewcomerError,
    NotOfThePlaceError,
    NotReachedError,
    TooManyAnswersError,
)
from services.promotion.domain.society_rules import NotForThemError
from services.promotion.petitions.doing import NoHomeError, NoPetitionsError, TooManyADayError
from services.promotion.site.society_forms import TOO_OLD, Name, Text, Typed
from shared.contracts.values import GivenLine, Id
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

Chosen = Annotated[Typed, StringConstraints(min_length=1)]


class Started(BaseModel):
    once: Id
    name: Name
    text: Text
    place: Chosen
    sector: Chosen
    society: Id | Literal[""] = ""


class Living(BaseModel):
    place: Chosen


class Answer(BaseModel):
    once: Id
    text: Text


class Reason(BaseModel):
    reason: GivenLine


@dataclass(frozen=True)
class PetitionForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "once": TOO_OLD,
        "name": marked("Say what you want, in one line of at most 120 characters."),
        "text": marked("Say it in your own words; at most 4,000 characters."),
        "place": marked("Choose a place."),
        "sector": marked("Choose a sector."),
        "society": marked("Choose one of your societies, or none."),
        "reason": marked("Say in one line why, without names."),
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        AnsweredError: marked("This petition is answered."),
        LapsedError: marked("The term of this petition is over."),
        FullError: marked("So many supporters are enough for one petition."),
        NotOfThePlaceError: marked("That is for those who live there."),
        NewcomerError: marked(
            "That is for those whose login and home were known some time before the petition began."
        ),
        NoHomeError: marked("Say first where you live. Then you can sign what begins later."),
        NoPetitionsError: marked("There are no petitions for that place."),
        NotForThemError: marked("That is for who leads the society, or has an office in it."),
        TooManyADayError: marked("So many petitions a day are enough. Please go on tomorrow."),
        NotReachedError: marked("No answer is owed yet."),
        TooManyAnswersError: marked("So many answers are enough for one petition."),
    }
