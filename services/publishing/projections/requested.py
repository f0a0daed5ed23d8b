"""Which requests there are, of some days, sectors and places, by their ids or by a token."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from services.publishing.projections.requests import read_model
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import row_of, rows_of


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
    """The newest days first; within a day the order tells nothing, for public ids tell nothing."""
    rows = rows_of(connection, read_model)
    inside = select(rows.c.id).where(rows.c.about == asked.about)
    inside = inside.where(rows.c.on.between(asked.first, asked.last))
    if asked.sectors:
        inside = inside.where(rows.c.sector.in_(asked.sectors))
    if asked.places:
        inside = inside.where(rows.c.place.in_(asked.places))
    if asked.is_open is not None:
        open_ = rows.c.closed_on.is_(None)
        inside = inside.where(open_ if asked.is_open else ~open_)
    newest = rows.c.on.desc(), rows.c.id.desc()
    # pages before this one are counted through by an index alone, without their rows
    inside = inside.order_by(*newest).limit(asked.limit).offset(asked.offset)
    chosen = select(rows).where(rows.c.id.in_(inside)).order_by(*newest)
    return [dict(row) for row in connection.execute(chosen).mappings()]


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
    """Those of them that there are, in the order of their ids."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.id.in_(ids), rows.c.on.is_not(None)).order_by(rows.c.id)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def one(connection: Connection, request: str) -> Row | None:
    row = row_of(connection, read_model, request)
    return row if row and row["on"] else None


def of_token(connection: Connection, digest: str) -> Row | None:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.token == digest, rows.c.on.is_not(None)).limit(1)
    row = connection.execute(chosen).mappings().first()
    return dict(row) if row else None
