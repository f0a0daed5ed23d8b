"""What outsiders may see of questions; only publishing writes it."""

from typing import ClassVar

from shared.contracts.public import PublicEvent
from shared.contracts.question import Number, Way, WhyNot
from shared.contracts.story import Tongue
from shared.contracts.values import Count, Day, Digest, Id, Line, Sector


class PublicQuestionEvent(PublicEvent):
    """Of nobody who asked or joined is told, and no words: these are on the question's page, where
    they can be taken away."""

    aggregate: ClassVar[str] = "question"
    key: ClassVar[str] = "question"

    question: Id
    on: Day


class QuestionAsked(PublicQuestionEvent):
    """An editor has let it through, on that day. `page` is by which its page is called; `check`
    controls the answer that is owed by `owner`."""

    page: Id
    check: Id
    way: Way
    met_on: Day | None
    society: Id | None
    sector: Sector
    owner: Line
    words: Id
    digest: Digest
    tongue: Tongue


class QuestionDeclined(PublicQuestionEvent):
    """One that was not let through, and why."""

    sector: Sector
    why: WhyNot


class QuestionCounted(PublicQuestionEvent):
    """At least so many ask it, in rough steps; fewer than the charter's smallest figure are not
    told."""

    at_least: Count | None


class QuestionWithdrawn(PublicQuestionEvent):
    """Its words are gone; the answer is owed all the same."""


class QuestionHidden(PublicQuestionEvent):
    reason: Line


class PublicTextOfAnswer(PublicQuestionEvent):
    """`number` is that of the answer, from 1."""

    number: Number
    office: Line
    words: Id
    digest: Digest
    tongue: Tongue


class QuestionAnswered(PublicTextOfAnswer):
    pass


class AnswerCorrected(PublicTextOfAnswer):
    """In place of the answer of before, which stays readable."""

    why: Line


class RatingsCounted(PublicQuestionEvent):
    """At least so many of those who asked think so of an answer, in rough steps."""

    number: Number
    answered: Count | None
    partly: Count | None
    not_answered: Count | None
