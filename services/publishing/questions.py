"""The gate's part for questions: what is asked and answered, and roughly by how many."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import public_question, question
from shared.contracts.event import Event

TOLD = (
    question.QuestionPassed,
    question.QuestionDeclined,
    question.QuestionCounted,
    question.QuestionWithdrawn,
    question.QuestionHidden,
    question.QuestionAnswered,
    question.AnswerCorrected,
    question.RatingsCounted,
)
"""Who asked, joined or thinks what of an answer is told of nobody."""


def passes(event: question.QuestionEvent) -> bool:
    """What nobody has read yet stays inside, also that it was withdrawn."""
    return isinstance(event, TOLD) and getattr(event, "passed", True)


def told(
    event: question.QuestionEvent,
    public_id: str,
    zone: tzinfo,
    smallest: int,
    check_named: Callable[[str], str],
) -> Event | None:
    """No figure below `smallest`. `check_named` gives the public id of a check."""

    def figure(given: int) -> int | None:
        return given if given >= smallest else None

    what: dict[str, Any] = {
        "question": public_id,
        "place": event.place,
        "on": day(event.at, zone),
    }
    match event:
        case question.QuestionPassed(question_id=page):
            names = ("way", "met_on", "society", "sector", "owner", "words", "digest", "tongue")
            about = {name: getattr(event, name) for name in names}
            return public_question.QuestionAsked(
                **what, **about, page=page, check=check_named(page)
            )
        case question.QuestionDeclined(sector=sector, why=why):
            return public_question.QuestionDeclined(**what, sector=sector, why=why)
        case question.QuestionCounted(at_least=at_least):
            return public_question.QuestionCounted(**what, at_least=figure(at_least))
        case question.QuestionWithdrawn(passed=True):
            return public_question.QuestionWithdrawn(**what)
        case question.QuestionHidden(reason=reason):
            return public_question.QuestionHidden(**what, reason=reason)
        case question.QuestionAnswered():
            return public_question.QuestionAnswered(**what, **_answer(event))
        case question.AnswerCorrected(why=why):
            return public_question.AnswerCorrected(**what, **_answer(event), why=why)
        case question.RatingsCounted(number=number):
            told_of = ("answered", "partly", "not_answered")
            figures = {name: figure(getattr(event, name)) for name in told_of}
            return public_question.RatingsCounted(**what, number=number, **figures)
        case _:
            return None


def _answer(event: question.TextOfAnswer) -> dict[str, Any]:
    names = ("number", "office", "words", "digest", "tongue")
    return {name: getattr(event, name) for name in names}
