"""The register of public checks: searched by due day, at most so many rows looked at for a page."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    String,
    and_,
    false,
    literal,
    select,
    tuple_,
)

from services.publishing.projections import overdue
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import Columns, rows_of

State = Literal["open", "paused", "overdue", "done", "done-late", "half-done"]
Key = tuple[date, str]

LOOKED_AT = 2_000
"""So many rows for a page, however few of them are asked for: it takes as long among a million."""
MOST_PLACES = 20
"""Of which each is looked for by itself; of more all are."""


@dataclass(frozen=True)
class Asked:
    """Checks due from `first` to `last`, behind the check `after`; of any owner, place, sector and
    state where none is named, raised in `tier` or none. What is due before `today` is over. An
    owner has several names."""

    today: date
    first: date
    last: date
    owners: Collection[str] = ()
    places: Collection[str] | None = None
    sector: str | None = None
    state: State | None = None
    after: Key | None = None
    limit: int = 100
    tier: int | None = None


@dataclass(frozen=True)
class Found:
    """`onward` is behind which check it goes on, if it does: fewer than asked for may be found, and
    more be there."""

    rows: list[Row]
    onward: Key | None


def found(connection: Connection, asked: Asked) -> Found:
    """By due day, the earliest first."""
    checks = rows_of(connection, overdue.read_model)
    ways = list(_ways(checks.c, asked))
    at_most = max(asked.limit + 1, LOOKED_AT // len(ways))
    rows, ends = list[Row](), list[Key]()
    for way in ways:
        few, end = _some(connection, checks, way, asked, at_most)
        rows += few
        ends += [end] if end else []
    rows.sort(key=_key)
    end = min(ends, default=None)
    if end is not None:
        rows = [row for row in rows if _key(row) <= end]
    if len(rows) > asked.limit:
        rows = rows[: asked.limit]
        end = _key(rows[-1])
    return Found(rows, end)


def _key(row: Row) -> Key:
    return row["due_on"], row["check"]


def _some(
    connection: Connection,
    checks: FromClause,
    way: ColumnElement[bool],
    asked: Asked,
    at_most: int,
) -> tuple[list[Row], Key | None]:
    """With where looking ended, unless more than enough was found before, or all was seen. No order
    is asked for outside: all that was looked at would be sorted before the first row came."""
    rows = checks.c
    by_key = rows.due_on, rows.check
    where = (way, *_between(rows, asked))
    inside = select(checks).where(*where).order_by(*by_key).limit(at_most).subquery()
    chosen = select(inside).where(*_wanted(inside.c, asked)).limit(asked.limit + 1)
    found = [dict(row) for row in connection.execute(chosen).mappings()]
    if len(found) > asked.limit:
        return found, None
    ended = select(*by_key).where(*where).order_by(*by_key).offset(at_most - 1).limit(1)
    row = connection.execute(ended).first()
    return found, (row.due_on, row.check) if row else None


def _ways(rows: Columns, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """What each index is looked through for; one after the other, for of several at once the
    database would sort all that there are."""
    if asked.owners:
        yield from (rows.owner == owner for owner in asked.owners)
    elif asked.places is not None and len(asked.places) <= MOST_PLACES:
        yield from (rows.place == place for place in asked.places)
    elif asked.tier is not None and "tier" in rows:
        yield rows.tier == asked.tier
    elif asked.sector is not None:
        yield rows.sector == asked.sector
    elif asked.state in ("open", "paused", "overdue", "half-done"):
        yield rows.done_on.is_(None)
    else:
        yield rows.due_on.is_not(None)


def _between(rows: Columns, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """One lower bound: of two the database takes the lesser for where its index begins."""
    yield rows.due_on <= asked.last
    if asked.after is None or asked.after[0] < asked.first:
        yield rows.due_on >= asked.first
        return
    day, check = asked.after
    yield tuple_(rows.due_on, rows.check) > tuple_(literal(day, Date), literal(check, String))


def _wanted(rows: Columns, asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield rows.withdrawn_on.is_(None)
    if asked.places is not None:
        yield rows.place.in_(asked.places)
    if asked.sector is not None:
        yield rows.sector == asked.sector
    if asked.tier is not None:
        yield rows.tier == asked.tier if "tier" in rows else false()
    waits, halved = overdue.is_paused(rows), overdue.is_halved(rows)
    if asked.state not in (None, "half-done"):
        yield ~halved
    match asked.state:
        case "open":
            yield and_(rows.done_on.is_(None), rows.due_on >= asked.today, ~waits)
        case "paused":
            yield and_(rows.done_on.is_(None), waits)
        case "overdue":
            yield and_(rows.done_on.is_(None), rows.due_on < asked.today, ~waits)
        case "done":
            yield and_(rows.done_on.is_not(None), ~rows.late)
        case "done-late":
            yield and_(rows.done_on.is_not(None), rows.late)
        case "half-done":
            yield halved


def state_of(row: Mapping[str, Any], today: date) -> State:
    if row.get("halved_on") is not None:
        return "half-done"
    if row["done_on"] is not None:
        return "done-late" if row["late"] else "done"
    if row.get("paused"):
        return "paused"
    return "overdue" if row["due_on"] < today else "open"
