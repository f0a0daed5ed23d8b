"""Sweeps the calendar for what is due by the clock's now, and sends ordinary commands."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine

from services.intake.domain.check import RaiseOverdue
from services.intake.projections import checks
from services.intake.projections.checks import Due
from shared.contracts.identity import command_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.projections.database import run_in

FAILED_AGAIN_AFTER = 60
"""Sweeps for which a check that could not be raised is left alone."""


class Sweep:
    """`swept_until` is the moment up to which the last whole sweep raised all there was, in a
    calendar that held the log up to `swept_position`. `failed` are checks that could not be
    raised for a fault of ours; they hold up no others, and are tried again now and then."""

    def __init__(
        self, engine: Engine, handler: CommandHandler, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._handler = handler
        self._now = now
        self._sweeps = 0
        self.failed: dict[str, int] = {}
        self.raised = 0
        self.swept_until: datetime | None = None
        self.swept_position = 0

    async def __call__(self) -> None:
        """Raises TryLaterError if the log can't take more just now; the next sweep goes on."""
        now, after = self._now(), None
        self._sweeps += 1
        position = await run_in(self._engine, self._position)
        while page := await run_in(self._engine, self._due, now, after):
            after = page[-1]
            await self._raise([due for due in page if not self._rests(due.check_id)], now)
        self.swept_until, self.swept_position = now, position

    async def calendar_holds(self, sequence: int) -> bool:
        return await run_in(self._engine, self._position) >= sequence

    async def _raise(self, page: list[Due], now: datetime) -> None:
        outcomes = await self._handler.handle([_raise(due, now) for due in page])
        for due, outcome in zip(page, outcomes, strict=True):
            if isinstance(outcome.error, TryLaterError):
                raise outcome.error
            if outcome.error is None:
                self.failed.pop(due.check_id, None)
                continue
            self.failed[due.check_id] = self._sweeps
            kind = type(outcome.error).__name__
            structlog.get_logger().error("could not be raised", check=due.check_id, error=kind)
        self.raised += sum(outcome.new_events for outcome in outcomes)

    def _rests(self, check_id: str) -> bool:
        return self._sweeps - self.failed.get(check_id, -FAILED_AGAIN_AFTER) < FAILED_AGAIN_AFTER

    def _position(self) -> int:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            return checks.position(connection)

    def _due(self, now: datetime, after: Due | None) -> list[Due]:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            return checks.due(connection, now, after)


def _raise(due: Due, now: datetime) -> Envelope:
    """Once for each due date: a date that is moved can pass again."""
    origin = command_id("overdue", due.check_id, due.due_at.isoformat())
    return Envelope(RaiseOverdue(due.check_id, due.due_at, now), id=origin, correlation_id=origin)
