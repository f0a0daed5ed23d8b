"""What is written for stories: beside the log, and so that it can be taken away."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, Engine, Index, MetaData, String, Table, Text

from services.publishing.newsroom.gone_for_good import GoneForGood
from shared.eventsourcing.projections.read_model import Instant

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


class StoryWords(GoneForGood[Words]):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, words, Words)

    async def erase(self, stories: Collection[str]) -> None:
        """All that was written for them."""
        await self._erase(words.c.story_id, sorted(stories))
