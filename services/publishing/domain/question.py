"""A question to the body: once an editor has let it through, an answer is owed."""

from collections import Counter
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

from services.publishing.domain.question_errors import (
    AnsweredError,
    FullError,
    GoneError,
    NoQuestionError,
    NoReasonError,
    NotAnsweredError,
    NotPassedError,
    NotYoursError,
    OtherAnswerError,
    OwnQuestionError,
    SettledError,
)
from services.publishing.domain.question_state import Question, dump, evolve, load
from shared.contracts.question import (
    AnswerCorrected,
    AnswerRated,
    QuestionAnswered,
    QuestionAsked,
    QuestionCounted,
    QuestionDeclined,
    QuestionEvent,
    QuestionHidden,
    QuestionJoined,
    QuestionLeft,
    QuestionPassed,
    QuestionWithdrawn,
    Rating,
    RatingsCounted,
    WhyNot,
)
from shared.contracts.steps import step_of
from shared.contracts.story import Tongue
from shared.contracts.values import Count, Digest, Id, Line, UtcInstant
from shared.eventsourcing.decider import Category, Decider, Kept

SMALLEST = 5
"""The figure below which nothing is told, where the charter says no other one."""

MOST_VOICES = 20_000
"""A question lives on one log and is held in memory as a whole."""

MOST_ANSWERS = 10

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskQuestion:
    asked: QuestionAsked

    @property
    def question_id(self) -> Id:
        return self.asked.question_id


@dataclass(frozen=True, slots=True)
class _By:
    question_id: Id
    by: Id
    at: UtcInstant


class PassQuestion(_By):
    pass


@dataclass(frozen=True, slots=True)
class DeclineQuestion(_By):
    why: WhyNot


class JoinQuestion(_By):
    pass


class LeaveQuestion(_By):
    pass


class WithdrawQuestion(_By):
    pass


@dataclass(frozen=True, slots=True)
class HideQuestion(_By):
    reason: Line


@dataclass(frozen=True, slots=True)
class AnswerQuestion(_By):
    """`number` is that of this answer; any but the first says `why`."""

    number: Count
    office: Line
    words: Id
    digest: Digest
    tongue: Tongue
    why: Line | None = None


@dataclass(frozen=True, slots=True)
class RateAnswer(_By):
    """`number` is of the answer that they have read."""

    number: Count
    rating: Rating


Command = (
    AskQuestion
    | PassQuestion
    | DeclineQuestion
    | JoinQuestion
    | LeaveQuestion
    | WithdrawQuestion
    | HideQuestion
    | AnswerQuestion
    | RateAnswer
)

# --- Decide ---------------------------------------------------------------


def decide(command: Command, question: Question, smallest: int = SMALLEST) -> list[QuestionEvent]:
    if isinstance(command, AskQuestion):
        return [] if question.asked else [command.asked]
    if (asked := question.asked) is None:
        raise NoQuestionError("nobody has asked such a question")
    common: dict[str, Any] = {
        "question_id": command.question_id,
        "place": asked.place,
        "at": command.at,
    }
    match command:
        case PassQuestion() | DeclineQuestion():
            return _read(command, question, asked, common)
        case JoinQuestion() | LeaveQuestion() | WithdrawQuestion():
            events = _voiced(command, question, asked, common)
        case HideQuestion(by=by, reason=reason):
            _require_passed(question)
            return [] if question.gone else [QuestionHidden(**common, by=by, reason=reason)]
        case AnswerQuestion():
            return _answered(command, question, common)
        case RateAnswer():
            events = _rated(command, question, common)
    return _with_figures(events, question, common, smallest)


def _read(
    command: PassQuestion | DeclineQuestion,
    question: Question,
    asked: QuestionAsked,
    common: dict[str, Any],
) -> list[QuestionEvent]:
    """By an editor; what one has decided stays."""
    is_passing, life = isinstance(command, PassQuestion), question.life
    if life == "declined" and not is_passing:
        return []
    if life in ("open", "answered") and is_passing:
        return []
    if life != "asked":
        raise SettledError("it is settled already")
    if isinstance(command, DeclineQuestion):
        why = {"sector": asked.sector, "why": command.why}
        return [QuestionDeclined(**common, by=command.by, **why)]
    if command.by == asked.by:
        raise OwnQuestionError("somebody else has to read it")
    kept = asked.model_dump(include=set(QuestionPassed.model_fields))
    return [QuestionPassed(**kept | common | {"by": command.by})]


def _voiced(
    command: JoinQuestion | LeaveQuestion | WithdrawQuestion,
    question: Question,
    asked: QuestionAsked,
    common: dict[str, Any],
) -> list[QuestionEvent]:
    by, is_there = command.by, command.by in question.voices
    if isinstance(command, WithdrawQuestion):
        return _withdrawn(by, question, asked, common)
    if isinstance(command, JoinQuestion) == is_there:
        return []
    if question.life == "answered":
        raise AnsweredError("it is answered")
    _require_passed(question)
    if isinstance(command, LeaveQuestion):
        return [QuestionLeft(**common, by=by)]
    if question.gone:
        raise GoneError("its words were taken away")
    if len(question.voices) >= MOST_VOICES:
        raise FullError("so many are enough")
    return [QuestionJoined(**common, by=by)]


def _withdrawn(
    by: str, question: Question, asked: QuestionAsked, common: dict[str, Any]
) -> list[QuestionEvent]:
    """Once it was let through the answer is owed all the same: else whoever asked could be talked
    round."""
    if by != asked.by:
        raise NotYoursError("that is for who asked it")
    if question.gone:
        return []
    is_passed = question.life != "asked"
    if is_passed and not asked.is_own:
        raise NotYoursError("whoever noted it did not ask it themselves")
    return [QuestionWithdrawn(**common, by=by, passed=is_passed)]


def _answered(
    command: AnswerQuestion, question: Question, common: dict[str, Any]
) -> list[QuestionEvent]:
    if command.words in question.answers:
        return []
    _require_passed(question)
    if command.number != len(question.answers) + 1:
        raise OtherAnswerError("it was answered meanwhile")
    if command.number > MOST_ANSWERS:
        raise FullError("so many answers are enough")
    names = ("number", "by", "office", "words", "digest", "tongue")
    told = common | {name: getattr(command, name) for name in names}
    if not question.answers:
        return [QuestionAnswered(**told)]
    if command.why is None:
        raise NoReasonError("a correction says why")
    return [AnswerCorrected(**told, why=command.why)]


def _rated(command: RateAnswer, question: Question, common: dict[str, Any]) -> list[QuestionEvent]:
    if not question.answers:
        raise NotAnsweredError("nobody has answered it yet")
    if command.by not in question.voices:
        raise NotYoursError("that is for who asked it, or joined")
    if command.number != len(question.answers):
        raise OtherAnswerError("another answer was given meanwhile")
    if question.ratings.get(command.by) == command.rating:
        return []
    told = {"number": command.number, "by": command.by, "rating": command.rating}
    return [AnswerRated(**common, **told)]


def _require_passed(question: Question) -> None:
    if question.life not in ("open", "answered"):
        raise NotPassedError("no editor has let it through")


def _with_figures(
    events: list[QuestionEvent], question: Question, common: dict[str, Any], smallest: int
) -> list[QuestionEvent]:
    after = reduce(evolve, events, question)
    if not events or after.life == "withdrawn":
        return events
    step = step_of(len(after.voices), after.counted, smallest)
    if step != after.counted:
        events = [*events, QuestionCounted(**common, at_least=step)]
    many = Counter(after.ratings.values())
    names = ("answered", "partly", "not")
    figures = [
        step_of(many[name], counted, smallest)
        for name, counted in zip(names, after.rated, strict=True)
    ]
    if tuple(figures) == after.rated:
        return events
    told = dict(zip(("answered", "partly", "not_answered"), figures, strict=True))
    return [*events, RatingsCounted(**common, number=len(after.answers), **told)]


def with_figures_from(smallest: int) -> Category:
    """`smallest` is the charter's; what happened folds the same with any."""
    return Category(
        service="publishing",
        name="question",
        decider=Decider[Command, QuestionEvent, Question](
            initial_state=Question(), decide=partial(decide, smallest=smallest), evolve=evolve
        ),
        commands=(),
        inner=(
            *(AskQuestion, PassQuestion, DeclineQuestion, JoinQuestion, LeaveQuestion),
            *(WithdrawQuestion, HideQuestion, AnswerQuestion, RateAnswer),
        ),
        key="question_id",
        kept=Kept(dump, load),
    )


category = with_figures_from(SMALLEST)
