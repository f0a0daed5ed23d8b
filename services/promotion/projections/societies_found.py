"""Which societies are found by where, about what and among which: the newest first."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, select

from services.promotion.projections import societies, society_places
from shared.contracts.place import EVERYWHERE, is_within, regions
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of


@dataclass(frozen=True)
class Sought:
    """Of any place and sector where none is named; `among` these ids; older than `before`, a
    sequence. What is sought at a place is what is active there, in it, or everywhere; and with what
    is `around` it: for all of a region that holds it, or beside it."""

    place: str = ""
    sector: str = ""
    among: Collection[str] | None = None
    before: int | None = None
    limit: int = 50
    around: Collection[str] | None = None

    @property
    def is_anywhere(self) -> bool:
        return self.place in ("", EVERYWHERE)

    @property
    def at(self) -> list[tuple[str, bool]]:
        """The places, and whether a society has to name it itself."""
        if self.is_anywhere:
            return [(EVERYWHERE, False), (EVERYWHERE, True)]
        beside = () if self.around is None else self.around
        holding = [EVERYWHERE] if self.around is None else list(regions(self.place))
        within = dict.fromkeys((self.place, *beside))
        for_all = dict.fromkeys(each for each in holding if each not in within)
        return [
            *((each, named) for each in within for named in (False, True)),
            *((each, True) for each in for_all),
        ]

    def takes(self, places: Collection[str]) -> bool:
        """Whether it is sought where these are."""
        if self.is_anywhere:
            return True
        return any(
            (place == at) if has_to_name else is_within(place, at)
            for at, has_to_name in self.at
            for place in places
        )


def found(connection: Connection, sought: Sought) -> list[Row]:
    """The newest first, of those that are not suspended and have not ended."""
    own = rows_of(connection, societies.read_model)
    at = rows_of(connection, society_places.read_model)
    if sought.among is not None:
        return _among(connection, own, sought)
    if "is_listed" not in own.c or "sector" not in at.c:
        return _until_made(connection, own, sought)
    if sought.is_anywhere and not sought.sector:
        return _read(connection, _newest(own, sought).order_by(own.c.sequence.desc()), sought)
    pieces = {
        row["society_id"]: row
        for place, is_named in sought.at
        for row in _read(connection, _at(own, at, sought, place, is_named), sought)
    }
    return nlargest(sought.limit, pieces.values(), key=lambda row: row["sequence"])


def _newest(own: FromClause, sought: Sought) -> Select[Any]:
    return select(own).where(own.c.is_listed, *_before(own, sought))


def _at(
    own: FromClause,
    at: FromClause,
    sought: Sought,
    place: str,
    is_named: bool,  # noqa: FBT001
) -> Select[Any]:
    """Rows of places are in the order of the newest, too: as many are looked at as are wanted."""
    both = own.join(at, own.c.society_id == at.c.society_id)
    here = at.c.place == place, at.c.sector == sought.sector, at.c.is_named == is_named
    chosen = select(own).select_from(both).where(own.c.is_listed, *here, *_before(at, sought))
    return chosen.order_by(at.c.sequence.desc())


def _before(rows: FromClause, sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.before is not None:
        yield rows.c.sequence < sought.before


def _among(connection: Connection, own: FromClause, sought: Sought) -> list[Row]:
    """They are few: where and about what stands in their own rows."""
    ids = own.c.society_id.in_(sought.among or ())
    listed = own.c.life.in_(societies.LISTED)
    chosen = select(own).where(ids, listed, *_before(own, sought))
    rows = _read(connection, chosen, replace(sought, limit=len(sought.among or ())))
    fit = [row for row in rows if _fits(row, sought)]
    return nlargest(sought.limit, fit, key=lambda row: row["sequence"])


def _until_made(connection: Connection, own: FromClause, sought: Sought) -> list[Row]:
    """The rows of the version before are gone through."""
    listed = own.c.life.in_(societies.LISTED)
    chosen = select(own).where(listed, *_before(own, sought)).order_by(own.c.sequence.desc())
    found = (societies.UNTIL_MADE | dict(row) for row in connection.execute(chosen).mappings())
    return [row for row in found if _fits(row, sought)][: sought.limit]


def _fits(row: Row, sought: Sought) -> bool:
    is_about = not sought.sector or sought.sector in row["sectors"].split()
    return is_about and sought.takes(row["places"].split())


def _read(connection: Connection, chosen: Select[Any], sought: Sought) -> list[Row]:
    rows = connection.execute(chosen.limit(sought.limit)).mappings()
    return [societies.UNTIL_MADE | dict(row) for row in rows]
