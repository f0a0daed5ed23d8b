"""What is written for stories: beside the log, and so that it can be taken away."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant

AT_ONCE = 500
EMPTIED_WITHIN_S, AGAIN_S = 5.0, 0.02
metadata = MetaData()
words = Table(
    "story_words",
    metadata,
    Column("words_id", String(32), primary_key=True),
    Column("story_id", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("written_at", Instant, nullable=False),
)
Index("story_words_of", words.c.story_id, words.c.words_id)


@dataclass(frozen=True)
class Words:
    """A text in Markdown. Nobody can find out by the `digest` what was withdrawn: the `salt` goes
    with the words."""

    words_id: str
    story_id: str
    title: str
    text: str
    salt: str
    written_at: datetime

    @property
    def digest(self) -> str:
        return sha256(f"{self.salt}\n{self.title}\n{self.text}".encode()).hexdigest()


Told = Callable[[Collection[str]], Mapping[str, Words]]
"""Texts that are there still, by their ids; asked in a thread."""


def nothing_told(_: Collection[str]) -> Mapping[str, Words]:
    return {}


class StoryWords:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    async def keep(self, given: Words) -> bool:
        """On disk before any event names them; whether they were not there yet."""
        return await run_in(self._engine, self._keep, given)

    async def some(self, ids: Collection[str]) -> Mapping[str, Words]:
        return await run_in(self._engine, self.told, ids)

    async def drop(self, words_id: str) -> None:
        """Nothing came of them."""
        await run_in(self._engine, self._drop, words.c.words_id, [words_id])

    async def erase(self, stories: Collection[str]) -> None:
        """All that was written for them."""
        given = sorted(stories)
        for first in range(0, len(given), AT_ONCE):
            await run_in(self._engine, self._drop, words.c.story_id, given[first : first + AT_ONCE])

    def told(self, ids: Collection[str]) -> Mapping[str, Words]:
        chosen = select(words).where(words.c.words_id.in_(list(ids)))
        with self._reading() as connection:
            found = [Words(**row) for row in connection.execute(chosen).mappings()]
        return {each.words_id: each for each in found}

    def _keep(self, given: Words) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(words).values(asdict(given)))
        except IntegrityError:
            return False
        return True

    def _drop(self, of: Column[str], ids: Collection[str]) -> None:
        with self._engine.begin() as connection:
            gone = connection.execute(delete(words).where(of.in_(ids))).rowcount
        if gone and self._engine.dialect.name == "sqlite":
            self._empty_the_log()

    def _empty_the_log(self) -> None:
        """SQLite's write-ahead log has the words still, and who reads keeps it for a moment."""
        give_up = time.monotonic() + EMPTIED_WITHIN_S
        while True:
            with closing(self._engine.raw_connection()) as connection:
                asked = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                is_busy = asked is not None and asked.fetchone()[0]
            if not is_busy or time.monotonic() > give_up:
                return
            time.sleep(AGAIN_S)

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(reads_only=True)
