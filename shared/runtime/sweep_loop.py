"""When a calendar is swept: at each tick of the log server; in a replay when asked to."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from shared.contracts.values import UtcInstant
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.ticks import EVERY_SECOND, serve_ticks
from shared.eventsourcing.timers.calendar import Calendar
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.loops import Loop
from shared.runtime.owned import answering
from shared.runtime.runtime import Runtime

CLOCKS_AGREE_WITHIN = timedelta(minutes=1)
TICKS = "TICKS"
LOOKED_AT_EVERY_S, LOOKS_AGAIN_S = 0.2, 0.01


class ClocksDifferError(TryLaterError):
    """Nothing is raised by a clock that the log server's contradicts."""


class Question(BaseModel):
    until: UtcInstant


class SweepLoop:
    """Also answers `query.{service}.swept`: once a sweep at `until` has woken all there was, in a
    calendar that holds the whole log; with the next due moment after that."""

    def __init__(self, runtime: Runtime, calendar: Calendar, sweep: Sweep) -> None:
        self._runtime = runtime
        self._calendar = calendar
        self._sweep = sweep
        self._one_at_a_time = asyncio.Lock()
        self._contradicted = False
        self._knows_what_was_done = True
        self._news = asyncio.Event()
        self.hurry: Callable[[], None] = lambda: None
        """Asks whoever writes the calendar in this process not to wait for more."""

    def calendar_moved(self, _: int) -> None:
        """A read model that it stands in holds more of the log."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled. Another process may have swept before."""
        self._knows_what_was_done = False
        client, name = self._runtime.client, self._runtime.name
        async with answering(client, f"query.{name}.swept", self._swept):
            if self._runtime.settings.clock == "stream":
                await self._follow_the_clock()
            await serve_ticks(client, name, "sweep", EVERY_SECOND, self.tick)

    async def tick(self, fired_at: datetime) -> None:
        """Raises ClocksDifferError. A tick that has waited says nothing: the next one is fresh."""
        now = self._runtime.clock.now()
        if abs(now - fired_at) <= CLOCKS_AGREE_WITHIN:
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
        """What one led to that failed is not known, so the next one waits for all of the log where
        it rests on that. Raises LogDamagedError."""
        async with self._one_at_a_time:
            if not self._knows_what_was_done:
                for stream in self._calendar.streams_in_turn:
                    self._calendar.told(stream, await ends_at(self._runtime.client, stream))
            self._knows_what_was_done = False
            await self._sweep()
            self._knows_what_was_done = True

    async def _swept(self, asked: Any) -> dict[str, Any]:
        """Raises ValidationError. Before the clock is so far, and the calendar too, a sweep would
        find nothing new."""
        until = Question.model_validate(asked).until
        client = self._runtime.client
        ends = {stream: await ends_at(client, stream) for stream in self._calendar.streams}
        while not self._sweep.has_swept(until, ends):
            await self._runtime.clock.reached(until)
            await self._calendar_holds(ends)
            await self._sweep_once()
        due = await self._calendar.next(until)
        return {"swept_until": until.isoformat(), "next_due": due and due.isoformat()}

    async def _calendar_holds(self, ends: dict[str, int]) -> None:
        """It may be written by another process, which tells nobody."""
        while not await self._calendar.holds(ends):
            self.hurry()
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_AGAIN_S):
                    await self._news.wait()


def add_sweep(runtime: Runtime, calendar: Calendar, handler: CommandHandler) -> SweepLoop:
    """What is due in a service's calendar is woken by one process of it."""
    sweep = SweepLoop(runtime, calendar, Sweep(calendar, handler, runtime.clock.now))
    runtime.watched.add(TICKS)
    runtime.loops.add(Loop("sweep", sweep.run, lease=runtime.lease("sweep")))
    return sweep
