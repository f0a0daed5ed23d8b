"""Sweeps the calendar for what is due by the clock's now, and sends ordinary commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.timers.calendar import Calendar, Due, Timers
from shared.eventsourcing.timers.pages import PagesUnderWay

FAILED_AGAIN_AFTER = 60
"""Sweeps for which what could not be woken is left alone."""


@dataclass(frozen=True)
class Swept:
    """A whole sweep at `until` woke all there was in a calendar that held each stream so far."""

    until: datetime
    positions: dict[str, int]


class Sweep:
    """`failed` is what could not be woken for a fault of ours; it holds up nothing else, and is
    tried again now and then. `raised` counts the events that followed."""

    def __init__(
        self, calendar: Calendar, handler: CommandHandler, now: Callable[[], datetime]
    ) -> None:
        self._calendar = calendar
        self._handler = handler
        self._now = now
        self._sweeps = 0
        self.failed: dict[Due, int] = {}
        self.raised = 0
        self.swept: Swept | None = None

    async def __call__(self) -> None:
        """Raises TryLaterError if the log can't take more just now; the next sweep goes on."""
        now = self._now()
        self._sweeps += 1
        positions = await self._calendar.positions()
        met: set[Due] = set()
        pages = PagesUnderWay()
        try:
            async for timers, page in self._calendar.due(now):
                asked = self._asked(timers, [due for due in page if not self._rests(due)], now)
                keys = self._handler.keys(list(asked.values()))
                await pages.begin(keys, partial(self._wake, timers, asked))
                if timers.in_turn:
                    await pages.end()  # its next page is asked for by what this one led to
                met |= set(page)
            await pages.end()
        finally:
            await pages.stop()
        met &= self.failed.keys()
        self.failed = {due: sweep for due, sweep in self.failed.items() if due in met}
        if not self._calendar.lags:
            self.swept = Swept(now, positions)

    def has_swept(self, until: datetime, ends: dict[str, int]) -> bool:
        """All that the streams asked for up to their `ends`, by that moment."""
        swept = self.swept
        if swept is None or swept.until < until:
            return False
        return all(swept.positions[stream] >= end for stream, end in ends.items())

    async def _wake(
        self, timers: Timers, asked: Mapping[Due, Envelope], sent: Callable[[], None]
    ) -> None:
        outcomes = await self._handler.handle(list(asked.values()), sent)
        for due, outcome in zip(asked, outcomes, strict=True):
            if isinstance(outcome.error, TryLaterError):
                raise outcome.error
            if outcome.error is None:
                self.failed.pop(due, None)
            else:
                self._leave(due, outcome.error)
        led = [outcome for outcome in outcomes if outcome.new_events]
        self.raised += sum(outcome.new_events for outcome in led)
        if timers.in_turn and led:
            timers.in_turn.told(max(each.sequence + each.new_events - 1 for each in led))

    def _asked(self, timers: Timers, page: list[Due], now: datetime) -> dict[Due, Envelope]:
        asked = {}
        for due in page:
            try:
                asked[due] = timers.wake(due, now)
            except Exception as error:  # noqa: BLE001  one bad entry must not cost the others
                self._leave(due, error)
        return asked

    def _leave(self, due: Due, error: Exception) -> None:
        self.failed[due] = self._sweeps
        kind = type(error).__name__
        log = structlog.get_logger()
        log.error("could not be woken", thing=due.thing, term=due.term, error=kind)

    def _rests(self, due: Due) -> bool:
        return self._sweeps - self.failed.get(due, -FAILED_AGAIN_AFTER) < FAILED_AGAIN_AFTER
