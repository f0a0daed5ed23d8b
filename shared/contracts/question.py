"""The events of one question to the body; only publishing writes them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.petition import Days
from shared.contracts.story import Tongue
from shared.contracts.values import Count, Day, Digest, Id, Instant, Line, Sector, Truth

SOURCE = "questions"
"""Of the commitments that questions make: a source of its own, that sends nothing."""

Way = Literal["site", "meeting", "society"]
"""Where it was asked."""

WhyNot = Literal["abuse", "names", "asked", "nothing"]
"""Why it is not let through: it abuses somebody, or names one who did not agree; it was asked
already; or nothing is asked."""

Rating = Literal["answered", "partly", "not"]
"""What those who asked find: it is answered, in part, or not at all."""

Number = Annotated[Count, Field(ge=1)]


class QuestionEvent(Event):
    """People are called by a code that the gate makes of their login, or by the login where they
    are of the staff. What somebody typed stands in no event: `words` names what lies beside the
    log, and can be taken away."""

    service: ClassVar[str] = "publishing"
    aggregate: ClassVar[str] = "question"
    key: ClassVar[str] = "question_id"

    question_id: Id
    at: Instant


class QuestionAsked(QuestionEvent):
    """By a member, or by who noted it: `is_own` is whether they ask it themselves. At a meeting it
    was asked `met_on`, by a `society` of that public id. Its terms are those of the charter of that
    day, of version `rule_version`: `owner` has `answer_days` for an answer, where no rule for due
    dates says otherwise, and the commitment is called `task`."""

    by: Id
    is_own: Truth
    way: Way
    met_on: Day | None
    society: Id | None
    sector: Sector
    words: Id
    digest: Digest
    tongue: Tongue
    owner: Line
    task: Line
    answer_days: Days
    rule_version: Count


class QuestionPassed(QuestionEvent):
    """An editor has read it: it is public, and from now on an answer is owed."""

    by: Id
    is_own: Truth
    way: Way
    met_on: Day | None
    society: Id | None
    sector: Sector
    words: Id
    digest: Digest
    tongue: Tongue
    owner: Line
    task: Line
    answer_days: Days


class QuestionDeclined(QuestionEvent):
    """An editor has not let it through; its words are gone."""

    by: Id
    sector: Sector
    why: WhyNot


class QuestionJoined(QuestionEvent):
    """They ask it, too."""

    by: Id


class QuestionLeft(QuestionEvent):
    by: Id


class QuestionCounted(QuestionEvent):
    """At least so many ask it now, and did not, or do no more; in rough steps."""

    at_least: Count


class QuestionWithdrawn(QuestionEvent):
    """Whoever asked it has taken its words back. Once it was `passed` the answer is owed all the
    same."""

    by: Id
    passed: Truth


class QuestionHidden(QuestionEvent):
    """An editor has taken its words away, which were abuse or named somebody. The answer is owed
    all the same. `reason` is written for readers and names nobody."""

    by: Id
    reason: Line


class TextOfAnswer(QuestionEvent):
    """`number` is that of the answer, from 1; `office` is the name of an office, and of nobody.
    `digest` is the SHA-256 of the text with what lies beside it, so that nobody can put another
    in its place."""

    number: Number
    by: Id
    office: Line
    words: Id
    digest: Digest
    tongue: Tongue


class QuestionAnswered(TextOfAnswer):
    pass


class AnswerCorrected(TextOfAnswer):
    """In place of the one of before, which stays readable, with what was thought of it."""

    why: Line


class AnswerRated(QuestionEvent):
    """By somebody who asked; who rates again has changed their mind."""

    number: Number
    by: Id
    rating: Rating


class RatingsCounted(QuestionEvent):
    """At least so many think so of an answer; in rough steps."""

    number: Number
    answered: Count
    partly: Count
    not_answered: Count
