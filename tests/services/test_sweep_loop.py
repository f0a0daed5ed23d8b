"""A sweep goes by this machine's clock only as long as the log server's agrees with it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from looking_again import until
from nats.aio.client import Client
from small_intake import Intake, check_id, opened
from sqlalchemy import Engine

from services.intake.projections.checkings_due import CheckingsDue
from shared.eventsourcing.errors import TryLaterError
from shared.runtime import owned
from shared.runtime.loops import Loop, Loops
from shared.runtime.runtime import Runtime
from shared.runtime.sweep_loop import CLOCKS_AGREE_WITHIN, ClocksDifferError, SweepLoop
from shared.testing.examples import DAY, MONDAY

WITHIN_S = 60.0
YEAR = 365 * DAY


@pytest.fixture
def intake(database: Engine) -> Intake:
    return Intake(database)


def sweep_loop(intake: Intake, client: Any = None) -> SweepLoop:
    """Only what a sweep needs of a running intake."""
    facts = {
        "name": "intake",
        "client": client,
        "clock": intake.clock,
        "engine": intake.engine,
        "settings": SimpleNamespace(clock="wall"),
    }
    return SweepLoop(cast(Runtime, SimpleNamespace(**facts)), intake.calendar, intake.sweep)


async def test_a_clock_that_agrees_with_the_servers_sweeps(intake: Intake) -> None:
    await intake.do(opened(1, MONDAY))
    now = MONDAY + DAY
    for off in (-CLOCKS_AGREE_WITHIN, timedelta(), CLOCKS_AGREE_WITHIN):
        intake.clock.jump(now)
        await sweep_loop(intake).tick(now + off)
    assert intake.overdue() == [check_id(1)]


@pytest.mark.parametrize("off", [YEAR, -YEAR, CLOCKS_AGREE_WITHIN + timedelta(seconds=1)])
async def test_a_clock_that_the_servers_contradicts_raises_nothing_and_says_so(
    intake: Intake, off: timedelta
) -> None:
    """A machine a year ahead published a year of overdue checks, which nobody can take back."""
    await intake.do(*(opened(day, MONDAY + day * DAY) for day in range(300)))
    real = MONDAY - DAY
    intake.clock.jump(real + off)
    loop = sweep_loop(intake)
    await loop.tick(real)
    for _tick in range(3):
        with pytest.raises(ClocksDifferError, match="nothing is raised until they agree") as told:
            await loop.tick(real)
    assert f"this machine's clock says {real + off:%Y-%m-%d %H:%M:%S}" in str(told.value)
    assert f"the log server's {real:%Y-%m-%d %H:%M:%S} UTC" in str(told.value)
    assert intake.overdue() == []
    assert intake.sweep.swept is None
    intake.clock.jump(MONDAY + 2 * DAY)
    await loop.tick(MONDAY + 2 * DAY)
    assert intake.overdue() == [check_id(0), check_id(1)]


async def test_a_tick_that_has_waited_contradicts_nobody(intake: Intake) -> None:
    """Intake was away for a day: the tick is old, and the next one is fresh."""
    await intake.do(*(opened(day, MONDAY + day * DAY) for day in range(3)))
    loop = sweep_loop(intake)
    for day in range(3):
        now = MONDAY + day * DAY + DAY
        intake.clock.jump(now)
        await loop.tick(now - DAY)
        assert intake.overdue() == [check_id(n) for n in range(day)]
        await loop.tick(now)
        intake.project()
        assert intake.overdue() == [check_id(n) for n in range(day + 1)]


async def test_readiness_says_that_the_clocks_differ(intake: Intake, nats: Client) -> None:
    """By the ticks of the real server."""
    await intake.do(opened(1, datetime.now(UTC) - DAY))
    intake.clock.jump(datetime.now(UTC) + YEAR)
    loops = Loops([Loop("sweep", sweep_loop(intake, nats).run)])
    task = asyncio.create_task(loops.run())
    await until(lambda: bool(loops.troubles()))
    (trouble,) = loops.troubles()
    assert trouble.startswith("sweep: ClocksDifferError: this machine's clock says")
    assert intake.overdue() == []
    intake.clock.jump(datetime.now(UTC), speed=1)
    await until(lambda: intake.overdue() == [check_id(1)])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_takes_over_waits_for_all_that_was_done_before(
    intake: Intake, nats: Client
) -> None:
    """Whom another process drew is known to the rows alone, and what a failed sweep led to as
    well: a person would be drawn once more than they may be."""
    (dues,) = (each.in_turn for each in intake.calendar._timers if each.in_turn)
    assert isinstance(dues, CheckingsDue)

    async def others_write() -> int:
        subject = "intake.check.CheckOpened.1"
        return (await nats.jetstream().publish(subject, b"{}", stream="INTAKE")).seq

    fails = False

    async def sweep() -> None:
        if fails:
            raise TryLaterError("the log is full")

    before = await others_write()
    intake.clock.jump(datetime.now(UTC), speed=1)
    loop = sweep_loop(intake, nats)
    loop._sweep = sweep  # type: ignore[assignment]
    running = asyncio.create_task(loop.run())
    await until(lambda: dues.led_to == before)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await others_write()
    await loop._sweep_once()
    assert dues.led_to == before, "this one led to nothing, and nobody else sweeps"
    fails = True
    with pytest.raises(TryLaterError):
        await loop._sweep_once()
    fails, last = False, await others_write()
    await loop._sweep_once()
    assert dues.led_to == last


async def swept(client: Client, question: bytes) -> Any:
    answer = await client.request("query.intake.swept", question, timeout=WITHIN_S)
    return json.loads(answer.data)


async def test_a_question_about_the_future_costs_the_present_nothing(
    intake: Intake, nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one swept for ever: fifty took two thirds of a core, and 200 ms from every receipt."""
    monkeypatch.setattr(owned, "ANSWERED_WITHIN_S", 0.5)
    intake.clock.jump(datetime.now(UTC), speed=1)
    sweeps = 0

    async def sweep() -> None:
        nonlocal sweeps
        sweeps += 1
        await intake.sweep()

    loop = sweep_loop(intake, nats)
    loop._sweep_once = sweep  # type: ignore[method-assign]
    running = asyncio.create_task(loop.run())
    await until(lambda: sweeps > 0)
    for body in (b"", b"{}", b"\xff", b"[" * 100_000, b'{"until": "2030-01-01T00:00:00"}'):
        assert (await swept(nats, body))["title"] == "Invalid question"
    future = json.dumps({"until": (datetime.now(UTC) + YEAR).isoformat()}).encode()
    for _question in range(owned.AT_ONCE):
        await nats.publish("query.intake.swept", future)
    assert (await swept(nats, future))["title"] == "Too many questions"
    past = json.dumps({"until": (datetime.now(UTC) - DAY).isoformat()}).encode()
    async with asyncio.timeout(WITHIN_S):
        while "swept_until" not in (said := await swept(nats, past)):
            assert said["title"] == "Too many questions"
    assert sweeps < 20, "one each second, and those of the question about the past"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
