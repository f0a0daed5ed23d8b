"""What of all that is kept falls due when, by the terms of the charter as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from services.intake.projections.kept import ANNOUNCED, KEPT, read_model
from shared.eventsourcing.projections.due_column import PAGE
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.serving import Columns, counts_of, rows_of
from shared.eventsourcing.timers.calendar import Due
from shared.runtime.charter_keeping import Term

Terms = Mapping[str, Term]
"""By source."""
Found = list[tuple[datetime, str]]
DAY_LENGTH = len("2030-01-07")


@dataclass(frozen=True)
class ToAnnounce:
    """Of some sources, whose term is the same: what was kept for nearly as long as that."""

    kind: str
    term: Term
    sources: Sequence[str]

    def page(self, connection: Connection, now: datetime, after: Due | None) -> Found:
        """Source by source, for so the index is entered; each of them gives a page at the most."""
        shift = self.term.announced_after
        start = after and after._replace(at=after.at - shift)
        found: Found = []
        for source in self.sources:
            own, chosen = self._of(connection, source)
            query = _in_order(own.since, own.thing, start).where(chosen, own.since < now - shift)
            found += [(since + shift, thing) for since, thing in connection.execute(query)]
        return sorted(found)[:PAGE]

    def next(self, connection: Connection, since: datetime) -> datetime | None:
        shift = self.term.announced_after
        moments = list[datetime | None]()
        for source in self.sources:
            own, chosen = self._of(connection, source)
            query = select(func.min(own.since)).where(chosen, own.since >= since - shift)
            moments.append(connection.execute(query).scalar())
        return min((each + shift for each in moments if each is not None), default=None)

    def _of(self, connection: Connection, source: str) -> tuple[Any, ColumnElement[bool]]:
        own = rows_of(connection, read_model).c
        return own, and_(own.state == KEPT, own.kind == self.kind, own.source == source)


@dataclass(frozen=True)
class ToAnnounceAnew:
    """What was announced for a moment that has passed without an end, since the charter had it kept
    longer then, and now has it kept for nearly long enough."""

    kind: str
    term: Term
    sources: Sequence[str]

    def page(self, connection: Connection, now: datetime, after: Due | None) -> Found:
        own = rows_of(connection, read_model).c
        return _passed(connection, self.kind, now, after, self._is_meant(own, now))

    def _is_meant(self, own: Columns, now: datetime) -> ColumnElement[bool]:
        since_when = own.since.between(now - self.term.keep, now - self.term.announced_after)
        return and_(own.source.in_(self.sources), since_when)

    def next(self, _connection: Connection, _since: datetime) -> datetime | None:
        """The charter changes between one start and the next; no moment tells of it ahead."""
        return None


@dataclass(frozen=True)
class ToErase:
    """What was announced for a moment that has passed, if the charter has it erased still."""

    kind: str
    terms: Terms

    def page(self, connection: Connection, now: datetime, after: Due | None) -> Found:
        own = rows_of(connection, read_model).c
        over = [
            and_(own.source == source, own.since < now - term.keep)
            for source, term in self.terms.items()
        ]
        return _passed(connection, self.kind, now, after, or_(false(), *over))

    def next(self, connection: Connection, since: datetime) -> datetime | None:
        own = rows_of(connection, read_model).c
        chosen = (own.state == ANNOUNCED, own.kind == self.kind, own.erase_at >= since)
        query = select(func.min(own.erase_at)).where(*chosen)
        return connection.execute(query).scalar()


def _passed(
    connection: Connection, kind: str, now: datetime, after: Due | None, meant: ColumnElement[bool]
) -> Found:
    own = rows_of(connection, read_model).c
    query = _in_order(own.erase_at, own.thing, after).where(
        own.state == ANNOUNCED, own.kind == kind, own.erase_at < now, meant
    )
    return [(at, thing) for at, thing in connection.execute(query)]


def _in_order(at: Any, thing: Any, after: Due | None) -> Select[Any]:
    """A page of those behind `after`."""
    return (
        select(at, thing)
        .where(beyond(after and (after.at, after.thing), at, thing))
        .order_by(at, thing)
        .limit(PAGE)
    )


def counts(connection: Connection) -> dict[str, int]:
    """By source, kind and state."""
    return counts_of(connection, read_model)


def announced(connection: Connection, terms: Terms) -> list[tuple[str, str, str, int]]:
    """(day in UTC, source, kind, how many) of all that is announced."""
    own = rows_of(connection, read_model).c
    by = (func.substr(own.erase_at, 1, DAY_LENGTH), own.source, own.kind)
    chosen = select(*by, func.count()).where(own.state == ANNOUNCED, own.source.in_(terms))
    return sorted(tuple(row) for row in connection.execute(chosen.group_by(*by)))
