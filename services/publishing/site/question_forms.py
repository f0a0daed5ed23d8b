"""What people fill in for a question, and what each field takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.publishing.domain.question import (
    DeclineQuestion,
    HideQuestion,
    JoinQuestion,
    LeaveQuestion,
    PassQuestion,
    RateAnswer,
    WithdrawQuestion,
)
from services.publishing.domain.question_errors import (
    AnsweredError,
    FullError,
    GoneError,
    NoReasonError,
    NotAnsweredError,
    NotPassedError,
    NotYoursError,
    OtherAnswerError,
    OwnQuestionError,
    SettledError,
    UnreadableError,
)
from services.publishing.newsroom.questioning import (
    NoQuestionsError,
    PastMeetingError,
    TooManyADayError,
)
from shared.contracts.question import Rating, WhyNot
from shared.contracts.story import Tongue
from shared.contracts.values import Day, GivenLine, Id, Line, Prose
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

LONGEST = 4_000
TOO_OLD = marked("This page is too old. Please send it once more.")


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("nothing")
    return text


Number = Annotated[int, Field(ge=1, lt=2**31)]
Chosen = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Words = Annotated[Prose, StringConstraints(max_length=LONGEST)]


class Asked(BaseModel):
    once: Id
    title: Annotated[GivenLine, StringConstraints(max_length=200)]
    text: Words = ""
    tongue: Tongue
    place: Chosen
    sector: Chosen
    met_on: Day | Literal[""] = ""
    society: Id | Literal[""] = ""


class Act(BaseModel):
    """What a member does about one."""

    act: Literal["join", "leave", "withdraw", "rate"]
    number: Number | None = None
    rating: Rating | None = None


class Passed(BaseModel):
    pass


class Declined(BaseModel):
    why: WhyNot


class Hidden(BaseModel):
    reason: Line


class Answered(BaseModel):
    once: Id
    number: Number
    office: Chosen
    text: Annotated[Words, AfterValidator(_something)]
    tongue: Tongue
    why: Line | None = None


ACTS: Mapping[str, type[BaseModel]] = {
    "pass": Passed,
    "decline": Declined,
    "hide": Hidden,
    "answer": Answered,
}


def act_of_staff(question_id: str, by: str, at: Any, typed: BaseModel) -> Any:
    """Of all acts but the answering, which has words."""
    match typed:
        case Declined(why=why):
            return DeclineQuestion(question_id, by, at, why)
        case Hidden(reason=reason):
            return HideQuestion(question_id, by, at, reason)
        case _:
            return PassQuestion(question_id, by, at)


def act_of_member(question_id: str, by: str, at: Any, typed: Act) -> Any:
    match typed:
        case Act(act="rate", number=int(number), rating=str(rating)):
            return RateAnswer(question_id, by, at, number, rating)
        case Act(act="join"):
            return JoinQuestion(question_id, by, at)
        case Act(act="leave"):
            return LeaveQuestion(question_id, by, at)
        case Act(act="withdraw"):
            return WithdrawQuestion(question_id, by, at)
        case _:
            return None


@dataclass(frozen=True)
class QuestionForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "once": TOO_OLD,
        "act": TOO_OLD,
        "number": TOO_OLD,
        "title": marked("Ask in one line of at most 200 characters."),
        "text": marked("Say it in your own words; at most 4,000 characters."),
        "tongue": marked("Say in which language it is, such as en or fr-CA."),
        "place": marked("Choose one of the places."),
        "sector": marked("Choose a sector."),
        "met_on": marked("Type the day of the meeting, such as 2031-03-04, or nothing."),
        "society": marked("Type the id of a society as the register has it, or nothing."),
        "why": marked("Say why."),
        "reason": marked("Say in one line why, without names."),
        "office": marked("Choose in whose name it is answered."),
        "rating": marked("Choose what you think of the answer."),
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        NoQuestionsError: marked("Nobody is asked here: the charter says of nobody who answers."),
        TooManyADayError: marked("So many questions a day are enough. Please go on tomorrow."),
        PastMeetingError: marked("That day is still to come."),
        NotPassedError: marked("No editor has let it through."),
        OwnQuestionError: marked("You have noted this question, so somebody else has to read it."),
        SettledError: marked("It is settled already."),
        AnsweredError: marked("It is answered."),
        NotAnsweredError: marked("Nobody has answered it yet."),
        GoneError: marked("Its words were taken away, so nobody joins any more."),
        UnreadableError: marked(
            "Nobody can read it any more: its words went with whoever asked it. Decline it."
        ),
        NotYoursError: marked("That is for those who asked it."),
        OtherAnswerError: marked("Its answer is another one by now. Please look at it again."),
        NoReasonError: marked("It was answered before, so say why that is corrected."),
        FullError: marked("So many are enough."),
    }
