"""What members and staff do about questions: words first, and then the command that names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import uuid4

from services.publishing.domain.question import (
    AnswerQuestion,
    AskQuestion,
    DeclineQuestion,
    HideQuestion,
    PassQuestion,
    WithdrawQuestion,
    category,
)
from services.publishing.domain.question_errors import UnreadableError
from services.publishing.domain.question_state import Question
from services.publishing.newsroom.question_words import OF_THE_BODY, QuestionText, QuestionWords
from shared.contracts.actor import Actor
from shared.contracts.identity import aggregate_id, command_id
from shared.contracts.question import QuestionAsked
from shared.contracts.roles import MEMBER
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.runtime.charter_questions import QuestionsTold
from shared.web.sessions import Session

STAFF = "editor"


class NoQuestionsError(DomainError):
    """The charter has none."""


class TooManyADayError(DomainError):
    pass


class PastMeetingError(DomainError):
    """What is still to come was not asked there."""


@dataclass(frozen=True)
class Wanted:
    title: str
    text: str
    tongue: str
    place: str
    sector: str
    met_on: date | None = None
    society: str = ""


@dataclass(frozen=True)
class Answer:
    number: int
    office: str
    text: str
    tongue: str
    why: str | None = None


@dataclass(frozen=True)
class Questions:
    """The same form sent twice, which `once` tells, does it once."""

    handler: CommandHandler
    store: EventStore
    words: QuestionWords
    terms: QuestionsTold
    now: Callable[[], datetime]

    async def one(self, question_id: str) -> tuple[Question, Sequence[RecordedEvent]]:
        """As it is now, and how it came to be so; by the log, for another process may write."""
        history = await self.store.load(AggregateKey("publishing", "question", question_id))
        question: Question = category.decider.fold(each.event for each in history)
        return question, history

    async def ask(self, session: Session, once: str, wanted: Wanted) -> str:
        """Its id. By the terms of now, which it keeps; what is noted at a meeting, for a society or
        by somebody of the staff, is asked by others. Raises DomainError."""
        who, at, terms = session.login_id, self.now(), self.terms
        if terms.owner is None:
            raise NoQuestionsError("the charter has no questions")
        if wanted.met_on and wanted.met_on > at.date() + timedelta(days=1):
            raise PastMeetingError("that day is still to come")
        is_own = session.holder == MEMBER and not wanted.met_on and not wanted.society
        question_id = aggregate_id("question", who, once)
        author = who if session.holder == MEMBER else OF_THE_BODY
        given = QuestionText(
            aggregate_id("words", question_id, once),
            question_id,
            author,
            wanted.title,
            wanted.text,
            token_hex(16),
            at,
        )
        given, is_new = await self._keep(given)
        if author and await self._is_too_many(author, at):
            await self._drop(given, is_new=is_new)
            raise TooManyADayError("so many a day are enough")
        asked = QuestionAsked(
            question_id=question_id,
            place=wanted.place,
            at=at,
            by=who,
            is_own=is_own,
            way="society" if wanted.society else "meeting" if wanted.met_on else "site",
            met_on=wanted.met_on,
            society=wanted.society or None,
            sector=wanted.sector,
            words=given.words_id,
            digest=given.digest,
            tongue=wanted.tongue,
            owner=terms.owner,
            task=terms.task,
            answer_days=terms.answer_days,
            rule_version=terms.version,
        )
        await self._with_words(AskQuestion(asked), session, once, given, is_new=is_new)
        return question_id

    async def answer(self, session: Session, question_id: str, once: str, said: Answer) -> None:
        """Raises DomainError."""
        words_id = aggregate_id("words", question_id, f"answer\n{session.login_id}\n{once}")
        text = QuestionText(
            words_id, question_id, OF_THE_BODY, "", said.text, token_hex(16), self.now()
        )
        text, is_new = await self._keep(text)
        command = AnswerQuestion(
            question_id,
            session.login_id,
            self.now(),
            said.number,
            said.office,
            words_id,
            text.digest,
            said.tongue,
            said.why,
        )
        await self._with_words(command, session, once, text, is_new=is_new)

    async def let_through(self, session: Session, command: PassQuestion) -> None:
        """An answer to what nobody can read is owed by nobody. Raises DomainError."""
        question, _ = await self.one(command.question_id)
        unread = [question.asked.words] if question.asked and question.life == "asked" else []
        if unread and not await self.words.some(unread):
            raise UnreadableError("its words are gone")
        await self.give(command, session)

    async def take_away(
        self,
        session: Session,
        command: DeclineQuestion | HideQuestion | WithdrawQuestion,
    ) -> None:
        """The words go at once; whoever dies in between finds them gone at the next start. Raises
        DomainError."""
        await self.give(command, session)
        question, _ = await self.one(command.question_id)
        if question.gone and question.asked:
            await self.words.empty([question.asked.words])

    async def give(self, command: Any, session: Session, once: str = "") -> None:
        """One without words, or whose words are kept. Raises DomainError."""
        question_id, role = str(command.question_id), MEMBER
        name = uuid4().hex
        if once:
            name = command_id(type(command).__name__, question_id, session.login_id, once)
        if session.holder != MEMBER:
            role = STAFF
        actor = Actor(session.holder, role, session.login_id)
        await self.handler.carry_out(Envelope(command, name, name, actor=actor))

    async def _is_too_many(self, author: str, at: datetime) -> bool:
        since = at - timedelta(days=1)
        return await self.words.begun_since(author, since) > self.terms.most_a_day

    async def _keep(self, given: QuestionText) -> tuple[QuestionText, bool]:
        """Of the same form what it said first; what was emptied since stays empty."""
        if await self.words.keep(given):
            return given, True
        there = await self.words.some([given.words_id])
        return there.get(given.words_id, given), False

    async def _drop(self, given: QuestionText, *, is_new: bool) -> None:
        if is_new:
            await self.words.drop(given.words_id)

    async def _with_words(
        self, command: Any, session: Session, once: str, given: QuestionText, *, is_new: bool
    ) -> None:
        """Of what is refused the words go, too, unless they were there before."""
        try:
            await self.give(command, session, once)
        except DomainError:
            await self._drop(given, is_new=is_new)
            raise
