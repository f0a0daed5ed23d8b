"""What people typed for petitions: beside the log, under who typed it, and so that it can go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Engine, Index, MetaData, String, Table, Text, func, select

from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant
from shared.runtime.words_beside import WordsBeside

OF_THE_BODY = ""
"""Whose the answers are: they are not erased with the login by which somebody typed them."""

metadata = MetaData()
words = Table(
    "petition_words",
    metadata,
    Column("words_id", String(32), primary_key=True),
    Column("author", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
)
Index("petition_words_by", words.c.author, words.c.written_at)


@dataclass(frozen=True)
class Words:
    """An answer has no title."""

    words_id: str
    author: str
    title: str
    text: str
    written_at: datetime


class PetitionWords(WordsBeside[Words]):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, words, Words)

    async def erase(self, authors: Sequence[str]) -> None:
        """All that they wrote."""
        await self._erase(words.c.author, authors)

    async def begun_since(self, author: str, moment: datetime) -> int:
        """How many petitions they worded from then on, as far as that stands."""
        return await run_in(self._engine, self._begun, author, moment)

    def _begun(self, author: str, moment: datetime) -> int:
        theirs = words.c.author == author, words.c.written_at >= moment
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*theirs)).scalar_one()
