"""The clock of a service, that of a replay, and the moment at which a message is taken in."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.client import Client

from shared.runtime.clock import Clock
from shared.runtime.clock_stream import (
    BEFORE_ALL,
    follow_clock,
    moment_of,
    set_clock,
    still_clock,
)
from shared.runtime.runtime import Runtime
from shared.testing.examples import DAY, MONDAY

WITHIN_S = 60.0


def passes(seconds: float) -> None:
    """The real clock moves on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_the_clock_of_a_replay_stands_still_until_it_is_set() -> None:
    """If it ran by itself, a sweep could pass a due date before the claim of done is taken in."""
    clock = still_clock()
    passes(0.01)
    assert clock.now() == BEFORE_ALL
    clock.jump(MONDAY)
    passes(0.01)
    assert clock.now() == MONDAY


def test_a_clock_with_a_speed_runs_from_its_origin() -> None:
    clock = Clock(MONDAY, speed=86_400)
    passes(0.01)
    assert MONDAY + timedelta(seconds=864) <= clock.now() < MONDAY + 365 * DAY
    clock.jump(MONDAY, speed=0)
    assert clock.now() == clock.now() == MONDAY


def test_without_an_origin_it_is_the_machines() -> None:
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=WITHIN_S)


async def test_who_waits_for_a_moment_hears_of_it_whoever_else_waits() -> None:
    clock = still_clock()
    first, second = (asyncio.create_task(clock.reached(MONDAY + n * DAY)) for n in (1, 3))
    for day in (0, 1, 2):
        clock.jump(MONDAY + day * DAY)
        await asyncio.sleep(0)
    await asyncio.wait_for(first, WITHIN_S)
    await asyncio.wait_for(clock.reached(MONDAY + 2 * DAY), WITHIN_S)
    assert not second.done()
    clock.jump(MONDAY + 4 * DAY)
    await asyncio.wait_for(second, WITHIN_S)


async def test_who_waits_for_a_moment_of_a_clock_that_runs_sees_it_come() -> None:
    clock = Clock(MONDAY, speed=86_400)
    await asyncio.wait_for(clock.reached(MONDAY + DAY / 10), WITHIN_S)
    assert clock.now() >= MONDAY + DAY / 10


async def test_what_is_set_is_followed_also_by_who_comes_later(nats: Client) -> None:
    early, late = still_clock(), still_clock()
    following = [asyncio.create_task(follow_clock(nats, early))]
    for day in (1, 3, 2):
        await set_clock(nats, MONDAY + day * DAY)
        await shows(early, MONDAY + day * DAY)
    following.append(asyncio.create_task(follow_clock(nats, late)))
    await shows(late, MONDAY + 2 * DAY)
    assert early.now() == MONDAY + 2 * DAY
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)


async def shows(clock: Clock, moment: datetime) -> None:
    async with asyncio.timeout(WITHIN_S):
        while clock.now() != moment:
            await asyncio.sleep(0.001)


def named(moment: datetime) -> dict[str, str]:
    return {"ce-time": moment.isoformat()}


def test_in_a_replay_a_message_is_taken_in_when_it_says_and_never_before_the_watermark() -> None:
    """So no claim comes from its own future, and the watermark stays behind what is taken in."""
    clock = still_clock()
    clock.jump(MONDAY)
    moment = moment_of(clock)
    assert moment(named(MONDAY + DAY)) == MONDAY + DAY
    assert moment(named(MONDAY - DAY)) == MONDAY
    assert moment({"ce-time": "2030-01-08T07:00:00-05:00"}) == MONDAY + DAY
    assert clock.now() == MONDAY, "nothing is moved by it"


@pytest.mark.parametrize("said", ["", "soon", "9999-12-31T23:59:59-14:00", "2030-13-01"])
def test_a_message_that_names_no_moment_is_taken_in_now(said: str) -> None:
    clock = still_clock()
    clock.jump(MONDAY)
    assert moment_of(clock)({"ce-time": said}) == moment_of(clock)({}) == MONDAY


@pytest.mark.parametrize(("clock", "expected"), [("wall", MONDAY), ("stream", MONDAY + DAY)])
def test_only_in_a_replay_a_message_says_when_it_is_taken_in(
    clock: str, expected: datetime
) -> None:
    """Else a source could claim for tomorrow by dating its message."""
    facts: Any = {"clock": Clock(MONDAY, speed=0), "settings": SimpleNamespace(clock=clock)}
    moment = Runtime.moment.fget(cast(Runtime, SimpleNamespace(**facts)))  # type: ignore[attr-defined]
    assert moment(named(MONDAY + DAY)) == expected
