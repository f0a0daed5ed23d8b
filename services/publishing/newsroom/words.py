"""What is written for stories: beside the log, and so that it can be taken away."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, ColumnElement, Engine, Index, MetaData, String, Table, Text

from shared.eventsourcing.projections.read_model import Instant
from shared.runtime.words_beside import WordsBeside

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


class StoryWords(WordsBeside[Words]):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, words, Words)

    async def erase(self, stories: Collection[str]) -> None:
        """All that was written for them."""
        await self._erase(words.c.story_id, sorted(stories))

    def _delete(self, which: ColumnElement[bool]) -> int:
        gone = super()._delete(which)
        if gone and self._engine.dialect.name == "sqlite":
            self._empty_the_log()
        return gone

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
