"""Intake in small: the log in memory, checks in a real database, a clock that can jump."""

from datetime import datetime

from sqlalchemy import Engine

from services.intake.app import calendar
from services.intake.domain import check, report
from services.intake.domain.check import OpenCheck
from services.intake.projections import beats, checkers, checkings, checks, filed_by
from shared.contracts.check import CheckOverdue
from shared.contracts.checking import CheckingTerms
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.clock import Clock
from shared.testing.examples import CHECK_OPENED, MONDAY, varied


class Intake:
    def __init__(self, engine: Engine, terms: CheckingTerms | None = None) -> None:
        self.engine = engine
        self.store = InMemoryEventStore()
        self.clock = Clock(MONDAY, speed=0)
        categories = [report.category, check.checked_by(terms)]
        self.handler = CommandHandler(self.store, categories, self.clock.now)
        each = (checks, beats, checkers, checkings, filed_by)
        models = [one.read_model for one in each]
        prepare(engine, models)
        self._projector = Projector(engine, models)
        self.calendar = calendar(engine)
        self.sweep = Sweep(self.calendar, self.handler, self.clock.now)

    async def do(self, *commands: object) -> None:
        envelopes = [Envelope(command, id=repr(command)) for command in commands]
        outcomes = await self.handler.handle(envelopes)
        assert [outcome.error for outcome in outcomes] == [None] * len(commands)
        self.project()

    async def try_to(self, command: object) -> None:
        """It may be refused."""
        await self.handler.handle([Envelope(command, id=repr(command))])
        self.project()

    def project(self) -> None:
        events = self.store.streams.get("INTAKE", [])
        self._projector.begin()
        self._projector.write(events, len(events))

    def overdue(self) -> list[str]:
        events = self.store.streams.get("INTAKE", [])
        return [r.event.check_id for r in events if isinstance(r.event, CheckOverdue)]


def check_id(number: int) -> str:
    return aggregate_id("check", "boston", str(number))


def opened(number: int, due_at: datetime) -> OpenCheck:
    of_no_report = varied(CHECK_OPENED, report_id=None)
    return OpenCheck(varied(of_no_report, check_id=check_id(number), due_at=due_at))
