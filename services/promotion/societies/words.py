"""What people typed for societies: beside the log, under who typed it, and so that it can go."""

import json
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

MOST_FOUND = 500
AT_ONCE = 500

metadata = MetaData()
words = Table(
    "society_words",
    metadata,
    Column("words_id", String(32), primary_key=True),
    Column("society_id", String(32), nullable=False),
    Column("author", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
)
Index("society_words_by", words.c.author, words.c.words_id)


@dataclass(frozen=True)
class Words:
    """`name` and `tags` are a society's; of an activity and an appeal there is a `text` alone."""

    words_id: str
    society_id: str
    author: str
    text: str
    written_at: datetime
    name: str = ""
    tags: tuple[str, ...] = ()


class SocietyWords:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    async def keep(self, given: Words) -> bool:
        """On disk before any event names them; whether they were not there yet."""
        return await run_in(self._engine, self._keep, given)

    async def some(self, ids: Collection[str]) -> Mapping[str, Words]:
        """Those that are there still, by their ids."""
        return await run_in(self._engine, self._some, ids)

    async def found(self, typed: str, tag: str = "") -> list[tuple[str, str]]:
        """The societies whose name, cause or tags have all these words; and this tag; with who
        wrote them. The latest so many."""
        return await run_in(self._engine, self._found, typed, tag)

    async def drop(self, words_id: str) -> None:
        """They were replaced, or nothing came of them."""
        await run_in(self._engine, self._delete, words.c.words_id == words_id)

    async def erase(self, authors: Sequence[str]) -> None:
        """All that they wrote."""
        for first in range(0, len(authors), AT_ONCE):
            some = authors[first : first + AT_ONCE]
            await run_in(self._engine, self._delete, words.c.author.in_(some))

    async def named_since(self, author: str, moment: datetime) -> int:
        """How many societies they named from then on, as far as that stands."""
        return await run_in(self._engine, self._named, author, moment)

    def _keep(self, given: Words) -> bool:
        row = vars(given) | {"tags": json.dumps(given.tags), "folded": _folded(given)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(words).values(row))
        except IntegrityError:
            return False
        return True

    def _some(self, ids: Collection[str]) -> dict[str, Words]:
        chosen = select(words).where(words.c.words_id.in_(ids))
        with self._reading() as connection:
            found = [dict(row) for row in connection.execute(chosen).mappings()]
        for row in found:
            row["tags"] = tuple(json.loads(row["tags"]))
            del row["folded"]
        return {row["words_id"]: Words(**row) for row in found}

    def _found(self, typed: str, tag: str) -> list[tuple[str, str]]:
        """Names alone have a folded form, so activities are not looked through."""
        sought = dict.fromkeys(typed.casefold().split())
        parts = [words.c.folded.contains(each, autoescape=True) for each in sought]
        if tag:
            parts.append(words.c.folded.contains(f"\n{tag.casefold()}\n", autoescape=True))
        chosen = select(words.c.society_id, words.c.author).where(words.c.name != "", *parts)
        newest = chosen.order_by(words.c.written_at.desc()).limit(MOST_FOUND)
        with self._reading() as connection:
            return [(society, author) for society, author in connection.execute(newest)]

    def _named(self, author: str, moment: datetime) -> int:
        theirs = words.c.author == author, words.c.name != "", words.c.written_at >= moment
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*theirs)).scalar_one()

    def _delete(self, which: ColumnElement[bool]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(words).where(which))

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(reads_only=True)


def _folded(given: Words) -> str:
    """What is looked through: each tag on a line of its own, at the end."""
    tags = "".join(f"{tag}\n" for tag in given.tags)
    return f"{given.name}\n{given.text}\n{tags}".casefold()
