"""Checks as entries of the calendar: of what to remind, and what goes further up."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.intake.domain.almanac import Almanac
from services.intake.domain.due import DueRules, TooLateError, end_of
from services.intake.domain.terms import Further, Reminder, Term
from services.intake.projections import terms_rows
from services.intake.projections.terms_rows import Behind
from shared.contracts.values import EARLIEST, LATEST
from shared.eventsourcing.timers.calendar import Due

PAGE = 500
A_DAY = timedelta(days=1)

Ask = Callable[..., Awaitable[Any]]
"""Asks the rows a question, with what else that needs to know."""


@dataclass(frozen=True)
class TermsDue:
    """By the charter's almanacs as they are when something is looked up: what counts is the last
    due day whose turn it is by now at a place, so that no row is looked at that is not meant, but
    those of places whose days differ. `moments`, in which the turns of a page began, are remembered
    until the next one; that there was nothing is, until the rows or the days go on."""

    ask: Ask
    about: Term
    rules: DueRules
    limit: int = PAGE
    moments: dict[str, datetime] = field(default_factory=dict)
    began: dict[tuple[str, date], datetime] = field(default_factory=dict)
    nothing: dict[str, tuple[int, dict[str, datetime]]] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        return terms_rows.STREAM

    @property
    def term(self) -> str:
        return f"tier-{self.about.tier}" if isinstance(self.about, Further) else "reminder"

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((self.term,))

    async def position(self) -> int:
        found: int = await self.ask(terms_rows.reached)
        return found

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        if not (position := await self.position()):
            return []
        until = {
            almanac.name: end_of(self.about.last_due_day(almanac, now), almanac)
            for almanac in self._almanacs()
        }
        self.moments.clear()
        if after is None and self.nothing.get(self.term) == (position, until):
            return []
        found, behind = list[Due](), (after.at, after.thing) if after else None
        begin = now if isinstance(self.about, Reminder) else EARLIEST
        while not found:
            rows = await self._rows(begin, behind, max(until.values()))
            for at, thing, place in rows:
                almanac = self.rules.almanac(place)
                if at <= until[almanac.name]:
                    found.append(Due(at, thing, self.term))
                    self.moments[thing] = self._began(almanac, at)
            if len(rows) < self.limit:
                break
            behind = rows[-1][0], rows[-1][1]
        if after is None and not found:
            self.nothing[self.term] = position, until
        return found

    def _began(self, almanac: Almanac, due_at: datetime) -> datetime:
        """Counted once for each due day, for a page has many of one."""
        day = almanac.name, due_at.astimezone(almanac.zone).date()
        if day not in self.began:
            self.began[day] = self.about.moment(almanac, due_at)
        return self.began[day]

    async def next(self, since: datetime) -> datetime | None:
        """Where almanacs differ it may be that nothing is to be said then yet."""
        if not await self.position():
            return None
        days = {self.about.last_due_day(almanac, since) for almanac in self._almanacs()}
        start = datetime.combine(min(days) - A_DAY, datetime.min.time(), since.tzinfo)
        rows = await self._rows(start, None, LATEST)
        return min((each for each in self._moments(rows) if each >= since), default=None)

    def _moments(self, rows: Sequence[Any]) -> Iterator[datetime]:
        for at, _, place in rows:
            try:
                yield self.about.moment(self.rules.almanac(place), at)
            except TooLateError:
                continue

    async def _rows(self, begin: datetime, behind: Behind, last: datetime) -> Sequence[Any]:
        span = begin, behind, last, self.limit
        if isinstance(self.about, Reminder):
            found: Sequence[Any] = await self.ask(terms_rows.to_remind, *span)
        else:
            found = await self.ask(terms_rows.to_pass_up, self.about.tier, *span)
        return found

    def _almanacs(self) -> Iterator[Almanac]:
        yield self.rules.common
        yield from self.rules.almanacs.values()
