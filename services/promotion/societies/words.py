"""What people typed for societies: beside the log, under who typed it, and so that it can go."""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    MetaData,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from services.promotion.societies.terms import sought_in, telling, terms_of
from services.promotion.societies.word_index import Doc, Query, Said, WordIndex, docs
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant

MOST_FOUND = 300
AT_ONCE = 500
MOST_ALIKE = 50
COMMON, ONE_IN = 20, 50
"""Words that more than so many societies use, and more than one in so many, tell none of them."""
COUNTED_FOR = timedelta(days=2)
NAMED, SAID = "named", "said"

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
written = Table(
    "society_written",
    metadata,
    Column("words_id", String(32), primary_key=True),
    Column("author", String(32), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("written_at", Instant, nullable=False),
)
"""What one member writes in a day counts, also when they take it back."""
Index("society_written_by", written.c.author, written.c.kind, written.c.written_at)


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
        self._index = WordIndex(engine)
        with suppress(IntegrityError), engine.begin() as connection:  # another process did it
            self._put_right(connection)

    async def keep(self, given: Words) -> bool:
        """On disk before any event names them; whether they were not there yet."""
        return await run_in(self._engine, self._keep, given)

    async def keep_all(self, given: Sequence[Words]) -> Mapping[str, set[str]]:
        """Of registers, in one transaction: nobody counts how much they say. By their societies all
        that the same registers said of them, where that is more than one."""
        return await run_in(self._engine, self._keep_all, given)

    async def some(self, ids: Collection[str]) -> Mapping[str, Words]:
        """Those that are there still, by their ids."""
        return await run_in(self._engine, self._some, ids)

    async def newest(
        self, typed: str, tag: str = "", before: int | None = None, most: int = MOST_FOUND
    ) -> list[Said]:
        """The societies whose name, cause or tags have words that begin with all these; and this
        tag; those worded last first, `before` a number, so many of them."""
        return await run_in(self._engine, self._newest, typed, tag, before, most)

    async def alike(self, said: str) -> list[tuple[str, str]]:
        """The societies that share words with it that few have; the most alike first."""
        return await run_in(self._engine, self._alike, said)

    async def of_author(self, society_id: str, author: str) -> list[Words]:
        """All that they wrote there, the latest first."""
        return await run_in(self._engine, self._of_author, society_id, author)

    async def take_back(self, words_id: str, author: str) -> bool:
        """Whether it was theirs, and was there. It still counts as written on its day."""
        theirs = (words.c.words_id == words_id) & (words.c.author == author)
        return await run_in(self._engine, self._delete, theirs)

    async def drop_all(self, ids: Collection[str]) -> None:
        """What registers say no more."""
        if ids:
            await run_in(self._engine, self._delete, words.c.words_id.in_(ids))

    async def drop(self, words_id: str) -> None:
        """They were replaced, or nothing came of them."""
        await run_in(self._engine, self._delete, words.c.words_id == words_id)
        await run_in(self._engine, self._uncount, written.c.words_id == words_id)

    async def erase(self, authors: Sequence[str]) -> None:
        """All that they wrote."""
        for first in range(0, len(authors), AT_ONCE):
            some = authors[first : first + AT_ONCE]
            await run_in(self._engine, self._delete, words.c.author.in_(some))
            await run_in(self._engine, self._uncount, written.c.author.in_(some))

    async def written_since(self, author: str, moment: datetime, kind: str) -> int:
        """How many societies (`NAMED`) they named from then on, or of how much else (`SAID`) they
        wrote: a society that is worded anew counts once."""
        return await run_in(self._engine, self._count, author, moment, kind)

    def _keep(self, given: Words) -> bool:
        row = vars(given) | {"tags": json.dumps(given.tags), "folded": _folded(given)}
        own = {name: row[name] for name in ("words_id", "author", "written_at")}
        kind = NAMED if given.name else SAID
        long_ago = written.c.written_at < given.written_at - COUNTED_FOR
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(words).values(row))
                if given.name:
                    self._index.add(connection, [_doc(given)])
                old = (written.c.author == given.author) & long_ago
                again = written.c.words_id == given.words_id
                connection.execute(delete(written).where(old | again))
                connection.execute(insert(written).values(own | {"kind": kind}))
        except IntegrityError:
            return False
        return True

    def _keep_all(self, given: Sequence[Words]) -> dict[str, set[str]]:
        by_id = {each.words_id: each for each in given}
        authors = {each.author for each in given}
        societies = {each.society_id for each in given}
        found: dict[str, set[str]] = {}
        with self._engine.begin() as connection:
            chosen = select(docs.c.words_id, docs.c.society_id)
            theirs = docs.c.author.in_(authors), docs.c.society_id.in_(societies)
            there = list(connection.execute(chosen.where(*theirs)))
            new = [by_id[each] for each in by_id.keys() - {words_id for words_id, _ in there}]
            if new:
                rows = [vars(each) | {"tags": json.dumps(each.tags)} for each in new]
                folded = [{"folded": _folded(each)} for each in new]
                both = [row | also for row, also in zip(rows, folded, strict=True)]
                connection.execute(insert(words), both)
                self._index.add(connection, map(_doc, new))
            said = [*there, *((each.words_id, each.society_id) for each in new)]
        for words_id, society_id in said:
            found.setdefault(society_id, set()).add(words_id)
        return {society_id: ids for society_id, ids in found.items() if len(ids) > 1}

    def _some(self, ids: Collection[str]) -> dict[str, Words]:
        chosen = select(words).where(words.c.words_id.in_(ids))
        with self._reading() as connection:
            return {each.words_id: each for each in _read(connection, chosen)}

    def _of_author(self, society_id: str, author: str) -> list[Words]:
        theirs = words.c.author == author, words.c.society_id == society_id
        newest = words.c.written_at.desc(), words.c.words_id
        with self._reading() as connection:
            return _read(connection, select(words).where(*theirs).order_by(*newest))

    def _newest(self, typed: str, tag: str, before: int | None, most: int) -> list[Said]:
        query = Query(sought_in(typed), [tag] if tag else [])
        if not query.begins and not query.tags:
            return []
        with self._reading() as connection:
            return self._index.newest(connection, query, before, most)

    def _alike(self, said: str) -> list[tuple[str, str]]:
        with self._reading() as connection:
            in_all = connection.execute(select(func.count()).select_from(docs)).scalar_one()
            most = max(COMMON, in_all // ONE_IN)
            rare = [
                term
                for term in telling(terms_of(said))
                if len(self._index.found(connection, Query(any_of=[term]), most + 1)) <= most
            ]
            query = Query(any_of=rare)
            return self._index.ranked(connection, query, MOST_ALIKE) if rare else []

    def _count(self, author: str, moment: datetime, kind: str) -> int:
        theirs = written.c.author == author, written.c.kind == kind
        chosen = select(func.count()).where(*theirs, written.c.written_at >= moment)
        with self._reading() as connection:
            return connection.execute(chosen).scalar_one()

    def _delete(self, which: ColumnElement[bool]) -> bool:
        """Whether anything was there."""
        with self._engine.begin() as connection:
            gone = list(connection.scalars(select(words.c.words_id).where(which)))
            if gone:
                self._index.remove(connection, gone)
                connection.execute(delete(words).where(which))
            return bool(gone)

    def _uncount(self, which: ColumnElement[bool]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(written).where(which))

    def _put_right(self, connection: Connection) -> None:
        """Whatever a version of before wrote or erased meanwhile."""
        named = select(words.c.words_id).where(words.c.name != "")
        gone = select(docs.c.words_id).where(docs.c.words_id.not_in(named))
        if some := list(connection.scalars(gone)):
            self._index.remove(connection, some)
        there = select(docs.c.words_id)
        missing = select(words).where(words.c.name != "", words.c.words_id.not_in(there))
        self._index.add(connection, map(_doc, _read(connection, missing)))

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(reads_only=True)


def _folded(given: Words) -> str:
    """What is looked through: each tag on a line of its own, at the end."""
    tags = "".join(f"{tag}\n" for tag in given.tags)
    return f"{given.name}\n{given.text}\n{tags}".casefold()


def _doc(given: Words) -> Doc:
    said = "\n".join((given.name, given.text, *given.tags))
    return Doc(given.words_id, given.society_id, given.author, said, given.tags)


def _read(connection: Connection, chosen: Select[Any]) -> list[Words]:
    found = [dict(row) for row in connection.execute(chosen).mappings()]
    for row in found:
        row["tags"] = tuple(json.loads(row["tags"]))
        del row["folded"]
    return [Words(**row) for row in found]
