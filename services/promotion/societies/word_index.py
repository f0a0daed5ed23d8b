"""Full text of what societies say of themselves: FTS5 of SQLite, or a tsvector of PostgreSQL."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from services.promotion.societies.terms import begins_words, tag_term, terms_of

AT_ONCE = 500
LARGEST = 2**62
OWN = "words_id", "society_id", "author"

metadata = MetaData()
docs = Table(
    "society_docs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("words_id", String(32), nullable=False, unique=True),
    Column("society_id", String(32), nullable=False),
    Column("author", String(32), nullable=False),
    Column("terms", Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
)
Index("society_docs_of", docs.c.society_id)
Index("society_docs_terms", docs.c.terms, postgresql_using="gin").ddl_if(dialect="postgresql")

FTS5 = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS society_terms"
    ' USING fts5(terms, tags, tokenize="unicode61 remove_diacritics 0")'
)
INTO = "REPLACE INTO society_terms(rowid, terms, tags) VALUES(:number, :terms, :tags)"
MATCHES = text("SELECT rowid FROM society_terms WHERE society_terms MATCH :what LIMIT :most")
NEWEST = text(
    "SELECT rowid FROM society_terms WHERE society_terms MATCH :what"
    " AND rowid < :before ORDER BY rowid DESC LIMIT :most"
)
RANKED = text(
    "SELECT rowid FROM society_terms WHERE society_terms MATCH :what ORDER BY rank LIMIT :most"
)


class Doc(NamedTuple):
    words_id: str
    society_id: str
    author: str
    said: str
    tags: Sequence[str]


class Said(NamedTuple):
    """That somebody has it of a society; the larger the `number`, the later it was worded."""

    number: int
    society_id: str
    author: str


class Query(NamedTuple):
    """Words of which each begins one there, or is one if it is a letter, and tags that are there;
    or `any_of` whole words."""

    begins: Sequence[str] = ()
    tags: Sequence[str] = ()
    any_of: Sequence[str] = ()


class WordIndex:
    """Follows the table of words in the same transactions. What is taken out of it is gone from
    the file, too: FTS5 alone would keep the words until it merges its parts some day."""

    def __init__(self, engine: Engine) -> None:
        self._lite = engine.dialect.name == "sqlite"
        metadata.create_all(engine)
        if self._lite:
            with engine.begin() as connection:
                connection.execute(text(FTS5))

    def add(self, connection: Connection, given: Iterable[Doc]) -> None:
        """Many at once cost a handful of statements. One process writes into SQLite at a time, so
        nobody else takes the next numbers."""
        said = [(doc, terms_of(doc.said), [tag_term(tag) for tag in doc.tags]) for doc in given]
        own = [dict(zip(OWN, doc, strict=False)) for doc, _, _ in said]
        if not said:
            return
        if not self._lite:
            lexemes = [[*{*terms, *(f"#{tag}" for tag in tags)}] for _, terms, tags in said]
            rows = [row | {"lexemes": some} for row, some in zip(own, lexemes, strict=True)]
            made = func.array_to_tsvector(bindparam("lexemes", type_=ARRAY(Text)))
            connection.execute(insert(docs).values(terms=made), rows)
            return
        first = (connection.execute(select(func.max(docs.c.number))).scalar() or 0) + 1
        numbered = [row | {"number": first + at, "terms": ""} for at, row in enumerate(own)]
        connection.execute(insert(docs), numbered)
        texts = [
            {"number": first + at, "terms": " ".join(terms), "tags": " ".join(tags)}
            for at, (_, terms, tags) in enumerate(said)
        ]
        connection.execute(text(INTO), texts)

    def remove(self, connection: Connection, words_ids: Collection[str]) -> None:
        own = docs.c.words_id.in_(words_ids)
        if self._lite:
            gone = [
                {"number": each} for each in connection.scalars(select(docs.c.number).where(own))
            ]
            if gone:
                connection.execute(text("DELETE FROM society_terms WHERE rowid = :number"), gone)
                merge = "INSERT INTO society_terms(society_terms) VALUES('optimize')"
                connection.execute(text(merge))
        connection.execute(delete(docs).where(own))

    def found(self, connection: Connection, query: Query, most: int) -> list[tuple[str, str]]:
        """Societies with who wrote of them, so many of them, in no order."""
        pair = select(docs.c.society_id, docs.c.author)
        if self._lite:
            asked = {"what": _fts5(query), "most": most}
            numbers = list(connection.scalars(MATCHES, asked))
            return _by_number(connection, numbers)
        chosen = pair.where(docs.c.terms.op("@@")(_tsquery(query))).limit(most)
        return [(society, author) for society, author in connection.execute(chosen)]

    def newest(
        self, connection: Connection, query: Query, before: int | None, most: int
    ) -> list[Said]:
        """Those worded last first; of those worded before another one, by its number."""
        chosen = select(docs.c.number, docs.c.society_id, docs.c.author)
        if self._lite:
            below = LARGEST if before is None else before
            asked = {"what": _fts5(query), "before": below, "most": most}
            numbers = list(connection.scalars(NEWEST, asked))
            rows: list[Said] = []
            for first in range(0, len(numbers), AT_ONCE):
                some = docs.c.number.in_(numbers[first : first + AT_ONCE])
                rows += (Said(*row) for row in connection.execute(chosen.where(some)))
            return sorted(rows, reverse=True)
        chosen = chosen.where(docs.c.terms.op("@@")(_tsquery(query)))
        if before is not None:
            chosen = chosen.where(docs.c.number < before)
        ordered = chosen.order_by(docs.c.number.desc()).limit(most)
        return [Said(*row) for row in connection.execute(ordered)]

    def ranked(self, connection: Connection, query: Query, most: int) -> list[tuple[str, str]]:
        """Those that have most of it first, by how rare it is."""
        if self._lite:
            numbers = list(connection.scalars(RANKED, {"what": _fts5(query), "most": most}))
            return _by_number(connection, numbers)
        asked = _tsquery(query)
        rank = func.ts_rank(docs.c.terms, asked).desc()
        chosen = select(docs.c.society_id, docs.c.author).where(docs.c.terms.op("@@")(asked))
        ordered = chosen.order_by(rank, docs.c.number).limit(most)
        return [(society, author) for society, author in connection.execute(ordered)]


def _by_number(connection: Connection, numbers: Sequence[int]) -> list[tuple[str, str]]:
    """In their order."""
    found: dict[int, tuple[str, str]] = {}
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        chosen = select(docs.c.number, docs.c.society_id, docs.c.author)
        rows = connection.execute(chosen.where(docs.c.number.in_(some)))
        found |= {number: (society, author) for number, society, author in rows}
    return [found[number] for number in numbers if number in found]


def _fts5(query: Query) -> str:
    """Terms hold letters and digits alone, so nothing in them is a sign of the language."""
    whole = " OR ".join(f'terms : "{term}"' for term in query.any_of)
    parts = [
        *(f'terms : "{term}"{"*" * begins_words(term)}' for term in query.begins),
        *(f'tags : "{tag_term(tag)}"' for tag in query.tags),
        *([f"({whole})"] if whole else []),
    ]
    return " AND ".join(parts)


def _tsquery(query: Query) -> Any:
    whole = " | ".join(f"'{term}'" for term in query.any_of)
    parts = [
        *(f"'{term}'{':*' * begins_words(term)}" for term in query.begins),
        *(f"'#{tag_term(tag)}'" for tag in query.tags),
        *([f"({whole})"] if whole else []),
    ]
    return text("CAST(:tsquery AS tsquery)").bindparams(tsquery=" & ".join(parts))
