"""A sweep raises what is due, exactly once, however often and late it comes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from services.intake.domain import check
from services.intake.domain.check import ClaimDone, OpenCheck
from services.intake.projections import checks
from services.intake.sweep import Sweep
from shared.contracts.check import CheckOverdue
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.clock import Clock
from shared.testing.examples import DAY, MONDAY, ROXBURY, STREET_LIGHTS

MOMENT = timedelta(microseconds=1)


class Intake:
    """Intake in small: the log in memory, checks in a real database, a clock that can jump."""

    def __init__(self, engine: Engine) -> None:
        self.store = InMemoryEventStore()
        self.clock = Clock(MONDAY, speed=0)
        self.handler = CommandHandler(self.store, [check.category], self.clock.now)
        prepare(engine, [checks.read_model])
        self._projector = Projector(engine, [checks.read_model])
        self.sweep = Sweep(engine, self.handler, self.clock.now)

    async def do(self, *commands: object) -> None:
        envelopes = [Envelope(command, id=repr(command)) for command in commands]
        outcomes = await self.handler.handle(envelopes)
        assert [outcome.error for outcome in outcomes] == [None] * len(commands)
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
    where = (ROXBURY, STREET_LIGHTS)
    owner, task = "Public Works", "Mend the lamp"
    source = ("boston", str(number), None)
    return OpenCheck(check_id(number), *source, owner, task, *where, False, MONDAY, due_at)  # noqa: FBT003


@pytest.fixture
def intake(database: Engine) -> Intake:
    return Intake(database)


async def test_what_is_due_by_now_is_raised_and_nothing_else(intake: Intake) -> None:
    await intake.do(*(opened(day, MONDAY + day * DAY) for day in range(1, 6)))
    intake.clock.jump(MONDAY + 3 * DAY)
    await intake.sweep()
    assert intake.overdue() == [check_id(1), check_id(2)]
    intake.clock.jump(MONDAY + 3 * DAY + MOMENT)
    await intake.sweep()
    assert intake.overdue() == [check_id(1), check_id(2), check_id(3)]


async def test_a_sweep_that_comes_twice_raises_once(intake: Intake) -> None:
    """Also before the first one's events are in the table that it looks at."""
    await intake.do(opened(1, MONDAY))
    intake.clock.jump(MONDAY + DAY)
    for _tick in range(3):
        await intake.sweep()
    intake.project()
    await intake.sweep()
    assert intake.overdue() == [check_id(1)]
    assert intake.sweep.raised == 1


async def test_a_sweep_on_a_stale_table_does_not_raise_what_was_done(intake: Intake) -> None:
    await intake.do(opened(1, MONDAY + DAY))
    claim = ClaimDone(check_id(1), "Public Works", MONDAY, MONDAY)
    await intake.handler.handle([Envelope(claim, id="claim")])
    intake.clock.jump(MONDAY + 2 * DAY)
    await intake.sweep()
    assert intake.overdue() == []


async def test_after_an_outage_one_sweep_makes_up_for_all_that_were_missed(intake: Intake) -> None:
    await intake.do(*(opened(n, MONDAY + (n % 50) * DAY) for n in range(1300)))
    intake.clock.jump(MONDAY + 365 * DAY)
    await intake.sweep()
    assert sorted(intake.overdue()) == sorted(check_id(n) for n in range(1300))
    assert intake.sweep.swept_until is None, "it found something, so there may be more"
    intake.project()
    await intake.sweep()
    assert intake.sweep.swept_until == MONDAY + 365 * DAY


async def test_what_is_done_in_time_or_due_in_another_century_never_fires(intake: Intake) -> None:
    await intake.do(opened(1, MONDAY + DAY), opened(2, MONDAY.replace(year=2959)))
    await intake.do(ClaimDone(check_id(1), "Public Works", MONDAY + DAY, MONDAY + DAY))
    intake.clock.jump(MONDAY + 3650 * DAY)
    await intake.sweep()
    assert intake.overdue() == []


async def test_who_was_late_as_known_on_a_day_is_told_for_every_day(
    intake: Intake, database: Engine
) -> None:
    """The claim in time arrives after the sweep: before that the check was known as overdue."""
    await intake.do(opened(1, MONDAY + DAY))
    intake.clock.jump(MONDAY + 2 * DAY)
    await intake.sweep()
    intake.clock.jump(MONDAY + 5 * DAY)
    await intake.do(ClaimDone(check_id(1), "Public Works", MONDAY + DAY, MONDAY + DAY))
    with database.connect() as connection:
        known = [
            [row.check_id for row in checks.late_as_known_on(connection, MONDAY + day * DAY)]
            for day in (1, 2, 4, 5, 9)
        ]
    assert known == [[], [check_id(1)], [check_id(1)], [], []]


async def test_a_sweep_that_could_not_raise_all_fails_so_that_the_tick_comes_again(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.do(opened(1, MONDAY))
    intake.clock.jump(MONDAY + DAY)

    async def failing(envelopes: list[Envelope]) -> list[Outcome]:
        return [Outcome(e.command.check_id, error=ConcurrencyError("x")) for e in envelopes]

    with monkeypatch.context() as outage:
        outage.setattr(intake.handler, "handle", failing)
        with pytest.raises(ConcurrencyError):
            await intake.sweep()
    await intake.sweep()
    assert intake.overdue() == [check_id(1)]
