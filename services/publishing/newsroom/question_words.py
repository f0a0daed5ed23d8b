"""What people typed for questions, and what was answered: beside the log, and so that it can go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, Engine, Index, MetaData, String, Table, Text, func, select, update

from services.publishing.newsroom.gone_for_good import GoneForGood
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant
from shared.runtime.words_beside import AT_ONCE

OF_THE_BODY = ""
"""Whose the answers are, and what was noted for others: they are not erased with a login."""

NOTHING = ""
"""What is left of a text that was emptied."""

metadata = MetaData()
words = Table(
    "question_words",
    metadata,
    Column("words_id", String(32), primary_key=True),
    Column("question_id", String(32), nullable=False),
    Column("author", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("written_at", Instant, nullable=False),
)
Index("question_words_of", words.c.question_id, words.c.words_id)
Index("question_words_by", words.c.author, words.c.written_at)


@dataclass(frozen=True)
class QuestionText:
    """A question in one line, with what is said of it; an answer has no title. Nobody can find out
    by the `digest` what was taken away: the `salt` goes with the words."""

    words_id: str
    question_id: str
    author: str
    title: str
    text: str
    salt: str
    written_at: datetime

    @property
    def digest(self) -> str:
        return sha256(f"{self.salt}\n{self.title}\n{self.text}".encode()).hexdigest()


class QuestionWords(GoneForGood[QuestionText]):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, words, QuestionText)

    def told(self, ids: Collection[str]) -> Mapping[str, QuestionText]:
        """But for what was emptied."""
        return {key: text for key, text in super().told(ids).items() if text.salt}

    async def empty(self, ids: Collection[str]) -> None:
        """These texts say nothing any more. That something was typed stays: else whoever withdraws
        could ask as often as they like, and a form that is sent again would bring them back."""
        given = sorted(ids)
        for first in range(0, len(given), AT_ONCE):
            await run_in(self._engine, self._empty, given[first : first + AT_ONCE])

    async def erase_of(self, authors: Collection[str]) -> None:
        """All that they wrote."""
        await self._erase(words.c.author, sorted(authors))

    async def authors(self) -> frozenset[str]:
        """Who has written something that is there."""
        return await run_in(self._engine, self._authors)

    async def begun_since(self, author: str, moment: datetime) -> int:
        """How many questions they worded from then on, as far as that stands."""
        return await run_in(self._engine, self._begun, author, moment)

    def _empty(self, ids: Sequence[str]) -> None:
        which = words.c.words_id.in_(ids), words.c.salt != NOTHING
        nothing = dict.fromkeys(("title", "text", "salt"), NOTHING)
        with self._engine.begin() as connection:
            gone = connection.execute(update(words).where(*which).values(nothing)).rowcount
        self._leave_nothing(gone)

    def _authors(self) -> frozenset[str]:
        chosen = select(words.c.author).where(words.c.author != OF_THE_BODY).distinct()
        with self._reading() as connection:
            return frozenset(connection.execute(chosen).scalars())

    def _begun(self, author: str, moment: datetime) -> int:
        theirs = words.c.author == author, words.c.written_at >= moment
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*theirs)).scalar_one()
