"""Checkings as entries of the calendar, and whom the rows know as ready to be drawn for them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.intake.projections import checkers, checkings, checks, filed_by
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import position
from shared.eventsourcing.timers.calendar import Due

AT_ONCE = 50
"""Each is decided with the whole pool; where there is one, alone: whom one of them draws the next
one has to know as drawn, or a few people are drawn for all that is claimed in one hour."""

LOOKED_AT_EVERY_S, LOOKS = 0.01, 50
"""Half a second: all other timers wait meanwhile."""

MayClose = Callable[[str, str, datetime], Awaitable[bool]]
"""Whether all appeals against a checking of a check that came up to then were heard."""


async def at_once(_: str, __: str, ___: datetime) -> bool:
    """For who knows nothing of sources."""
    return True


@dataclass
class CheckingsDue:
    """What is known of a page is remembered until the next one: what the checkings are about, the
    `pool` of who is ready, as of a sequence, who reported what they are about, and which of their
    checks are not public any more; and what pages before have `led_to`, which the rows are to hold
    before anybody else is drawn. What is `settled` waits until it `may_close`."""

    engine: Engine
    may_close: MayClose = at_once
    about: dict[str, Row] = field(default_factory=dict)
    pool: Sequence[Row] = ()
    as_of: int = 0
    led_to: int = 0
    lags: bool = False
    left: bool = False
    reporters: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    @property
    def stream(self) -> str:
        return checkings.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((checkings.waiting.term,))

    async def position(self) -> int:
        return await ask_in(self.engine, _reached)

    def told(self, last: int) -> None:
        self.led_to = max(self.led_to, last)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """Nothing where the rows do not come in time: the next sweep goes on, also with what may
        not close yet."""
        self.left = self.left and after is not None
        while found := await self._found(now, after):
            if may := [due for due in found if await self._may_be_looked_at(due)]:
                return may
            after = found[-1]
        return []

    async def _found(self, now: datetime, after: Due | None) -> Sequence[Due]:
        for _ in range(LOOKS):
            is_behind = await self.position() < self.led_to
            self.lags = self.left or is_behind
            if not is_behind:
                return await ask_in(self.engine, self._page, now, after)
            await asyncio.sleep(LOOKED_AT_EVERY_S)
        return []

    async def _may_be_looked_at(self, due: Due) -> bool:
        about = self.about[due.thing]
        if about["state"] != checkings.SETTLED:
            return True
        if await self.may_close(due.thing, about["check_id"], due.at):
            return True
        self.left = self.lags = True
        return False

    async def next(self, since: datetime) -> datetime | None:
        return await ask_in(self.engine, checkings.waiting.next, since)

    def _page(self, connection: Connection, now: datetime, after: Due | None) -> Sequence[Due]:
        """Nobody is drawn while it is not known who may be: whom the rows do not have yet would
        have missed it for good."""
        if not _reached(connection):
            return []
        self.pool = checkers.pool(connection)
        at_once = 1 if self.pool else AT_ONCE
        found = checkings.waiting.page(connection, now, after, at_once)
        if found:
            self.about = checkings.several(connection, [due.thing for due in found])
            reports = {row["report_id"] for row in self.about.values() if row["report_id"]}
            self.reporters = filed_by.who_filed(connection, reports)
            of_checks = {row["check_id"] for row in self.about.values()}
            self.hidden = checks.not_public(connection, of_checks)
            self.as_of = position(connection, [checkers.read_model], self.stream).sequence
        return found


def _reached(connection: Connection) -> int:
    """Up to where all of these rows hold the log; 0 while some are not shown, or not as far as the
    checkings are."""
    models = (checkers.read_model, filed_by.read_model, checks.read_model)
    stream = checkings.read_model.stream
    found, about = position(connection, models, stream), checkings.waiting.position(connection)
    return about if found.is_shown and found.sequence >= about else 0
