"""Checks as entries of the calendar: of what to remind, and what goes further up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, exists, select

from services.intake.domain.due import DueRules, TooLateError, end_of
from services.intake.domain.terms import Further, Reminder, Term
from services.intake.projections import checks, lateness, reminded
from services.intake.projections.ordered import beyond
from shared.contracts.values import EARLIEST, LATEST
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.serving import position, rows_of
from shared.eventsourcing.timers.calendar import Due

PAGE = 500
A_DAY = timedelta(days=1)

Waiting = Callable[[Connection, datetime], Select[Any]]
"""(due date, check id, place) of what still waits for it, whose due date is after a moment."""


def to_remind(connection: Connection, after: datetime) -> Select[Any]:
    rows = rows_of(connection, checks.read_model).c
    done = rows_of(connection, reminded.read_model).c
    before = exists().where(done.check_id == rows.check_id, done.due_at == rows.due_at)
    chosen = select(rows.due_at, rows.check_id, rows.place)
    return chosen.where(rows.state == "open", rows.due_at >= after, ~before)


def to_pass_up(tier: int) -> Waiting:
    def waiting(connection: Connection, after: datetime) -> Select[Any]:
        rows = rows_of(connection, lateness.read_model).c
        chosen = select(rows.due_at, rows.check_id, rows.place)
        return chosen.where(and_(rows.waits == tier, rows.due_at >= after))

    return waiting


@dataclass(frozen=True)
class TermsDue:
    """By the charter's almanacs as they are when something is looked up: what counts is the last
    due day whose turn it is by now at a place, so that no row is looked at that is not meant, but
    those of places whose days differ. `moments`, in which the turns of a page began, are remembered
    until the next one."""

    engine: Engine
    about: Term
    rules: DueRules
    models: Sequence[ReadModel]
    limit: int = PAGE
    moments: dict[str, datetime] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        return self.models[0].stream

    @property
    def term(self) -> str:
        return f"tier-{self.about.tier}" if isinstance(self.about, Further) else "reminder"

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((self.term,))

    async def position(self) -> int:
        return await ask_in(self.engine, self._position)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        return await ask_in(self.engine, self._page, now, after)

    async def next(self, since: datetime) -> datetime | None:
        return await ask_in(self.engine, self._next, since)

    def _position(self, connection: Connection) -> int:
        """It holds nothing while rows of some are not shown."""
        reached = position(connection, self.models, self.stream)
        return reached.sequence if reached.is_shown else 0

    def _page(self, connection: Connection, now: datetime, after: Due | None) -> list[Due]:
        if not self._position(connection):
            return []
        until = {
            almanac.name: end_of(self.about.last_due_day(almanac, now), almanac)
            for almanac in self._almanacs()
        }
        self.moments.clear()
        last, found = max(until.values()), list[Due]()
        begin = now if isinstance(self.about, Reminder) else EARLIEST
        behind = (after.at, after.thing) if after else None
        while not found:
            rows = self._rows(connection, begin, behind, last)
            for at, thing, place in rows:
                almanac = self.rules.almanac(place)
                if at <= until[almanac.name]:
                    found.append(Due(at, thing, self.term))
                    self.moments[thing] = self.about.moment(almanac, at)
            if len(rows) < self.limit:
                break
            behind = rows[-1][0], rows[-1][1]
        return found

    def _next(self, connection: Connection, since: datetime) -> datetime | None:
        """Where almanacs differ it may be that nothing is to be said then yet."""
        if not self._position(connection):
            return None
        days = {self.about.last_due_day(almanac, since) for almanac in self._almanacs()}
        start = datetime.combine(min(days) - A_DAY, datetime.min.time(), since.tzinfo)
        rows = self._rows(connection, start, None, LATEST)
        return min((each for each in self._moments(rows) if each >= since), default=None)

    def _moments(self, rows: Sequence[Any]) -> Iterator[datetime]:
        for at, _, place in rows:
            try:
                yield self.about.moment(self.rules.almanac(place), at)
            except TooLateError:
                continue

    def _rows(
        self,
        connection: Connection,
        begin: datetime,
        behind: tuple[datetime, str] | None,
        last: datetime,
    ) -> Sequence[Any]:
        waiting = to_remind if isinstance(self.about, Reminder) else to_pass_up(self.about.tier)
        chosen = waiting(connection, behind[0] if behind else begin)
        at, key, _ = chosen.selected_columns
        chosen = chosen.where(at <= last, beyond(behind, at, key)).order_by(at, key)
        return connection.execute(chosen.limit(self.limit)).all()

    def _almanacs(self) -> Iterator[Any]:
        yield self.rules.common
        yield from self.rules.almanacs.values()


def reminders(engine: Engine, about: Reminder, rules: DueRules) -> TermsDue:
    return TermsDue(engine, about, rules, (checks.read_model, reminded.read_model))


def furthers(engine: Engine, about: Further, rules: DueRules) -> TermsDue:
    return TermsDue(engine, about, rules, (lateness.read_model,))
