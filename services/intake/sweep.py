"""A tick sweeps the calendar for what is due by the clock's now, and sends ordinary commands."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from services.intake.domain.check import RaiseOverdue
from services.intake.projections import checks
from shared.contracts.identity import command_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.projections.database import run_in


class Sweep:
    """`swept_until` is the moment up to which the last whole sweep found nothing left to raise, in
    a calendar that held the log up to `swept_position`."""

    def __init__(
        self,
        engine: Engine,
        handler: CommandHandler,
        now: Callable[[], datetime],
        position: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._handler = handler
        self._now = now
        self._position = position
        self.raised = 0
        self.swept_until: datetime | None = None
        self.swept_position = 0

    async def __call__(self) -> None:
        now, position = self._now(), self._position()
        found = 0
        for page in await run_in(self._engine, self._due, now):
            found += len(page)
            outcomes = await self._handler.handle([_raise(check_id, now) for check_id in page])
            failed = next((outcome.error for outcome in outcomes if outcome.error), None)
            if failed:
                raise LogUnavailableError("a sweep could not raise all that is overdue") from failed
            self.raised += sum(outcome.new_events for outcome in outcomes)
        if not found:
            self.swept_until, self.swept_position = now, position

    def _due(self, now: datetime) -> list[list[str]]:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            return list(checks.due(connection, now))


def _raise(check_id: str, now: datetime) -> Envelope:
    origin = command_id("overdue", check_id)
    return Envelope(RaiseOverdue(check_id, now), id=origin, correlation_id=origin)
