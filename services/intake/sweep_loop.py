"""When to sweep: at each tick of the log server; in a replay now and then, and when asked to."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Engine

from services.intake.projections import checks
from services.intake.sweep import Sweep
from shared.contracts.values import UtcInstant
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.ticks import EVERY_SECOND, serve_ticks
from shared.eventsourcing.projections.database import run_in
from shared.runtime.owned import answering
from shared.runtime.runtime import Runtime

CLOCKS_DIFFER_BY = timedelta(minutes=1)
LOOKED_AT_EVERY_S, LOOKS_AGAIN_S = 0.2, 0.01


class ClocksDifferError(TryLaterError):
    """Nothing is raised by a clock that the log server's contradicts."""


class Question(BaseModel):
    until: UtcInstant


class SweepLoop:
    """Also answers `query.intake.swept`: once a sweep at `until` has raised all there was, in a
    calendar that holds the whole log; with the next due date after that."""

    def __init__(self, runtime: Runtime, sweep: Sweep) -> None:
        self._runtime = runtime
        self._sweep = sweep
        self._one_at_a_time = asyncio.Lock()
        self._contradicted = False
        self._news = asyncio.Event()

    def calendar_moved(self, _: int) -> None:
        """Its read model holds more of the log."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        client = self._runtime.client
        async with answering(client, "query.intake.swept", self._swept):
            if self._runtime.settings.clock == "stream":
                await self._follow_the_clock()
            await serve_ticks(client, self._runtime.name, "sweep", EVERY_SECOND, self.tick)

    async def tick(self, fired_at: datetime) -> None:
        """Raises ClocksDifferError. A tick that has waited says nothing: the next one is fresh."""
        now = self._runtime.clock.now()
        if abs(now - fired_at) <= CLOCKS_DIFFER_BY:
            self._contradicted = False
            await self._sweep_once()
        elif self._contradicted:
            raise ClocksDifferError(
                f"this machine's clock says {now:%Y-%m-%d %H:%M:%S}, the log server's"
                f" {fired_at:%Y-%m-%d %H:%M:%S} UTC; nothing is raised until they agree"
            )
        else:
            self._contradicted = True

    async def _follow_the_clock(self) -> None:
        while True:
            await asyncio.sleep(LOOKED_AT_EVERY_S)
            await self._sweep_once()

    async def _sweep_once(self) -> None:
        async with self._one_at_a_time:
            await self._sweep()

    async def _swept(self, asked: Any) -> dict[str, Any]:
        """Raises ValidationError. Before the clock is so far, and the calendar too, a sweep would
        find nothing new."""
        until = Question.model_validate(asked).until
        end = await ends_at(self._runtime.client, "INTAKE")
        while not self._is_swept(until, end):
            await self._runtime.clock.reached(until)
            await self._calendar_holds(end)
            await self._sweep_once()
        due = await run_in(self._runtime.engine, _next_due, self._runtime.engine, until)
        return {"swept_until": until.isoformat(), "next_due": due and due.isoformat()}

    async def _calendar_holds(self, sequence: int) -> None:
        """It may be written by another process, which tells nobody."""
        while not await self._sweep.calendar_holds(sequence):
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_AGAIN_S):
                    await self._news.wait()

    def _is_swept(self, until: datetime, end: int) -> bool:
        sweep = self._sweep
        is_late_enough = sweep.swept_until is not None and sweep.swept_until >= until
        return is_late_enough and sweep.swept_position >= end


def _next_due(engine: Engine, since: datetime) -> datetime | None:
    with engine.connect().execution_options(reads_only=True) as connection:
        return checks.next_due(connection, since)
