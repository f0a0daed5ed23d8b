"""A sweep raises what is due, exactly once, however often and late it comes."""

from datetime import timedelta

import pytest
from small_intake import Intake, check_id, opened
from sqlalchemy import Engine

from services.intake.domain.claiming import ClaimDone
from services.intake.projections import checks
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.timers.sweep import FAILED_AGAIN_AFTER, Swept
from shared.testing.examples import DAY, MONDAY

MOMENT = timedelta(microseconds=1)


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
    year_later = MONDAY + 365 * DAY
    assert intake.sweep.swept == Swept(year_later, {"INTAKE": 1300}), "as the calendar was"
    intake.project()
    await intake.sweep()
    assert intake.sweep.swept == Swept(year_later, {"INTAKE": 2600})
    assert intake.sweep.raised == 1300


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

    async def failing(envelopes: list[Envelope], _: object = None) -> list[Outcome]:
        return [Outcome(e.command.check_id, error=ConcurrencyError("x")) for e in envelopes]

    with monkeypatch.context() as outage:
        outage.setattr(intake.handler, "handle", failing)
        with pytest.raises(ConcurrencyError):
            await intake.sweep()
    await intake.sweep()
    assert intake.overdue() == [check_id(1)]


async def test_a_check_that_can_not_be_raised_for_a_fault_of_ours_holds_up_no_other(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left alone for a while, so that the sweep can end, and tried again later."""
    await intake.do(*(opened(number, MONDAY) for number in range(1200)))
    intake.clock.jump(MONDAY + DAY)
    real, tried = intake.handler.handle, 0

    async def failing(envelopes: list[Envelope], _: object = None) -> list[Outcome]:
        nonlocal tried
        outcomes = await real([e for e in envelopes if e.command.check_id != check_id(3)])
        rest = iter(outcomes)
        tried += any(e.command.check_id == check_id(3) for e in envelopes)
        return [
            Outcome(check_id(3), error=KeyError("ours"))
            if e.command.check_id == check_id(3)
            else next(rest)
            for e in envelopes
        ]

    with monkeypatch.context() as fault:
        fault.setattr(intake.handler, "handle", failing)
        for _tick in range(FAILED_AGAIN_AFTER):
            await intake.sweep()
            intake.project()
    assert tried == 1
    assert len(intake.overdue()) == 1199
    assert intake.sweep.has_swept(MONDAY + DAY, {"INTAKE": 1200}), (
        "else a replay would wait for ever"
    )
    await intake.sweep()
    assert sorted(intake.overdue()) == sorted(check_id(number) for number in range(1200))
    assert intake.sweep.failed == {}
