"""What people typed for petitions: beside the log, under who typed it, and so that it can go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant

AT_ONCE = 500
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


class PetitionWords:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    async def keep(self, given: Words) -> bool:
        """On disk before any event names them; whether they were not there yet."""
        return await run_in(self._engine, self._keep, given)

    async def some(self, ids: Collection[str]) -> Mapping[str, Words]:
        """Those that are there still, by their ids."""
        return await run_in(self._engine, self._some, ids)

    async def drop(self, words_id: str) -> None:
        """Nothing came of them."""
        await run_in(self._engine, self._delete, words.c.words_id == words_id)

    async def erase(self, authors: Sequence[str]) -> None:
        """All that they wrote."""
        for first in range(0, len(authors), AT_ONCE):
            some = authors[first : first + AT_ONCE]
            await run_in(self._engine, self._delete, words.c.author.in_(some))

    async def begun_since(self, author: str, moment: datetime) -> int:
        """How many petitions they worded from then on, as far as that stands."""
        return await run_in(self._engine, self._begun, author, moment)

    def _keep(self, given: Words) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(words).values(vars(given)))
        except IntegrityError:
            return False
        return True

    def _some(self, ids: Collection[str]) -> dict[str, Words]:
        chosen = select(words).where(words.c.words_id.in_(ids))
        with self._reading() as connection:
            found = [Words(**row) for row in connection.execute(chosen).mappings()]
        return {each.words_id: each for each in found}

    def _begun(self, author: str, moment: datetime) -> int:
        theirs = words.c.author == author, words.c.written_at >= moment
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*theirs)).scalar_one()

    def _delete(self, which: ColumnElement[bool]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(words).where(which))

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(reads_only=True)
