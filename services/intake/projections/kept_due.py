"""What of all that is kept falls due when, by the terms of the charter as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, true

from services.intake.projections.kept import ANNOUNCED, KEPT, read_model
from shared.eventsourcing.projections.due_column import PAGE
from shared.eventsourcing.projections.serving import counts_of, rows_of
from shared.eventsourcing.timers.calendar import Due
from shared.runtime.charter_keeping import Term

Terms = Mapping[str, Term]
"""By source."""
Found = list[tuple[datetime, str]]
DAY_LENGTH = len("2030-01-07")


@dataclass(frozen=True)
class ToAnnounce:
    """Of some sources, whose term is the same: what was kept for nearly as long as that; and what
    was announced for a moment that has passed, for the charter had it kept longer then."""

    kind: str
    term: Term
    sources: Sequence[str]

    def page(self, connection: Connection, now: datetime, after: Due | None) -> Found:
        own = rows_of(connection, read_model).c
        shift = self.term.announced_after
        passed = and_(own.erase_at < now, own.since >= now - self.term.keep)
        found: Found = []
        for source in self.sources:
            of_source = and_(own.kind == self.kind, own.source == source, own.since < now - shift)
            for chosen in (own.state == KEPT, and_(own.state == ANNOUNCED, passed)):
                start = None if after is None else (after.at - shift, after.thing)
                query = _in_order(own.since, own.thing, start).where(of_source, chosen)
                found += [(since + shift, thing) for since, thing in connection.execute(query)]
        return sorted(found)[:PAGE]

    def next(self, connection: Connection, since: datetime) -> datetime | None:
        own = rows_of(connection, read_model).c
        shift = self.term.announced_after
        moments = [
            connection.execute(
                select(func.min(own.since)).where(
                    own.state == KEPT,
                    own.kind == self.kind,
                    own.source == source,
                    own.since >= since - shift,
                )
            ).scalar()
            for source in self.sources
        ]
        return min((each + shift for each in moments if each is not None), default=None)


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
        start = None if after is None else (after.at, after.thing)
        query = _in_order(own.erase_at, own.thing, start).where(
            own.state == ANNOUNCED, own.kind == self.kind, own.erase_at < now, or_(false(), *over)
        )
        return [(at, thing) for at, thing in connection.execute(query)]

    def next(self, connection: Connection, since: datetime) -> datetime | None:
        own = rows_of(connection, read_model).c
        chosen = (own.state == ANNOUNCED, own.kind == self.kind, own.erase_at >= since)
        query = select(func.min(own.erase_at)).where(*chosen)
        return connection.execute(query).scalar()


def _in_order(at: Any, thing: Any, start: tuple[datetime, str] | None) -> Select[Any]:
    """A page of those behind `start`, said so that the index is entered there."""
    behind: ColumnElement[bool] = true()
    if start is not None:
        behind = and_(at >= start[0], or_(at > start[0], thing > start[1]))
    return select(at, thing).where(behind).order_by(at, thing).limit(PAGE)


def counts(connection: Connection) -> dict[str, int]:
    """By source, kind and state."""
    return counts_of(connection, read_model)


def announced(connection: Connection, terms: Terms) -> list[tuple[str, str, str, int]]:
    """(day in UTC, source, kind, how many) of all that is announced."""
    own = rows_of(connection, read_model).c
    by = (func.substr(own.erase_at, 1, DAY_LENGTH), own.source, own.kind)
    chosen = select(*by, func.count()).where(own.state == ANNOUNCED, own.source.in_(terms))
    return sorted(tuple(row) for row in connection.execute(chosen.group_by(*by)))
