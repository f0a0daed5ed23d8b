"""Which requests there are, of some days, sectors and places, by their ids or by a token."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    select,
)

from services.publishing.projections import pictures
from services.publishing.projections.requests import read_model
from shared.eventsourcing.projections.one_piece import OnePiece
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of

NOT_TOLD = {"token", "withdrawn"}


@dataclass(frozen=True)
class Asked:
    """`first` and `last` are days that count both; no `sectors`, `places` or `is_open` are all."""

    about: str
    first: date
    last: date
    limit: int
    offset: int = 0
    sectors: Collection[str] = ()
    places: Collection[str] = ()
    is_open: bool | None = None


def found(connection: Connection, asked: Asked) -> list[Row]:
    """The newest days first; within a day the order tells nothing, for public ids tell nothing.
    Each as it is told: its days are texts, and `named` are the pictures that go with it."""
    rows, shown = rows_of(connection, read_model), rows_of(connection, pictures.read_model)
    shape = len(asked.sectors), len(asked.places), asked.is_open
    given: Row = {"about": asked.about, "first": asked.first, "last": asked.last}
    given |= {"limit": asked.limit, "offset": asked.offset}
    given |= _numbered("sector", asked.sectors) | _numbered("place", asked.places)
    told = _finding(rows, shown, *shape).rows(connection, given)
    return sorted(told, key=itemgetter("on", "id"), reverse=True)


@lru_cache(maxsize=64)
def _finding(
    rows: FromClause,
    shown: FromClause,
    sectors: int,
    places: int,
    is_open: bool | None,  # noqa: FBT001
) -> OnePiece:
    """To put it together anew for each question would take longer than the database does."""
    inside = select(rows.c.id).where(rows.c.about == bindparam("about"))
    inside = inside.where(rows.c.on.between(bindparam("first"), bindparam("last")))
    if sectors:
        inside = inside.where(rows.c.sector.in_(_parameters("sector", sectors)))
    if places:
        inside = inside.where(rows.c.place.in_(_parameters("place", places)))
    if is_open is not None:
        open_ = rows.c.closed_on.is_(None)
        inside = inside.where(open_ if is_open else ~open_)
    # pages before this one are counted through by an index alone, without their rows
    inside = inside.order_by(rows.c.on.desc(), rows.c.id.desc())
    inside = inside.limit(bindparam("limit")).offset(bindparam("offset"))
    return OnePiece(_told(rows, shown).where(rows.c.id.in_(inside)))


def closed(connection: Connection, asked: Asked) -> list[Row]:
    """Those that were closed within these days, the newest first; whether they are open is not
    asked. One that was withdrawn has no day."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.about == asked.about, rows.c.on.is_not(None))
    chosen = chosen.where(rows.c.closed_on.between(asked.first, asked.last))
    if asked.sectors:
        chosen = chosen.where(rows.c.sector.in_(asked.sectors))
    if asked.places:
        chosen = chosen.where(rows.c.place.in_(asked.places))
    chosen = chosen.order_by(rows.c.closed_on.desc(), rows.c.id.desc())
    found = connection.execute(chosen.limit(asked.limit).offset(asked.offset))
    return [dict(row) for row in found.mappings()]


def these(connection: Connection, ids: Collection[str]) -> list[Row]:
    """Those of them that there are, in the order of their ids, with what `found` tells of each."""
    rows, shown = rows_of(connection, read_model), rows_of(connection, pictures.read_model)
    told = _named(rows, shown, len(ids)).rows(connection, _numbered("id", ids))
    return sorted(told, key=itemgetter("id"))


@lru_cache(maxsize=64)
def _named(rows: FromClause, shown: FromClause, ids: int) -> OnePiece:
    is_one_of = rows.c.id.in_(_parameters("id", ids))
    return OnePiece(_told(rows, shown).where(is_one_of, rows.c.on.is_not(None)))


def _told(rows: FromClause, shown: FromClause) -> Select[Any]:
    wanted = [column for column in rows.c if column.name not in NOT_TOLD]
    both = rows.outerjoin(shown, shown.c.report == rows.c.id)
    return select(*wanted, shown.c.named).select_from(both)


def _numbered(name: str, values: Collection[str]) -> Row:
    return {f"{name}_{number}": value for number, value in enumerate(values)}


def _parameters(name: str, count: int) -> list[BindParameter[str]]:
    return [bindparam(f"{name}_{number}") for number in range(count)]


def one(connection: Connection, request: str) -> Row | None:
    return next(iter(these(connection, (request,))), None)


def kept(connection: Connection, request: str) -> Row | None:
    """One as its row is, with days that are days."""
    rows = rows_of(connection, read_model)
    return _row(connection, rows, rows.c.id == request)


def of_token(connection: Connection, digest: str) -> Row | None:
    rows = rows_of(connection, read_model)
    return _row(connection, rows, rows.c.token == digest)


def _row(connection: Connection, rows: FromClause, which: ColumnElement[bool]) -> Row | None:
    chosen = select(rows).where(which, rows.c.on.is_not(None)).limit(1)
    row = connection.execute(chosen).mappings().first()
    return dict(row) if row else None
