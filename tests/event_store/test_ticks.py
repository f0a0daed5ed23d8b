"""The server's schedules wake whoever serves them; a tick is done when its work is done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from nats.aio.client import Client

from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.ticks import (
    EVERY_SECOND,
    declare_schedule,
    serve_ticks,
    tick_subject,
)
from shared.testing.servers import NatsServer

WITHIN_S = 60.0
HOURLY = "@every 1h"


class Work:
    """Counts what it did, and lets a test wait for it."""

    def __init__(self, fail_first: bool = False) -> None:  # noqa: FBT001, FBT002
        self.done = 0
        self.failed = 0
        self._fail_first = fail_first
        self._happened = asyncio.Event()

    async def __call__(self, fired_at: datetime) -> None:
        self.fired_at = fired_at
        self._happened.set()
        if self._fail_first and not self.failed:
            self.failed += 1
            raise ZeroDivisionError
        self.done += 1

    async def once_more(self) -> None:
        self._happened.clear()
        await asyncio.wait_for(self._happened.wait(), WITHIN_S)


async def _tick(client: Client) -> None:
    """As the schedule fires it."""
    await client.jetstream().publish(tick_subject("test", "sweep"), b"", stream="TICKS")


async def _waiting(client: Client) -> int:
    info = await client.jetstream().stream_info("TICKS", subjects_filter="tick.>")
    return len(info.state.subjects or {})


async def _while_serving(
    client: Client,
    work: Callable[[datetime], Awaitable[None]],
    then: Callable[[], Awaitable[None]],
    when: str = HOURLY,
) -> None:
    serving = asyncio.create_task(serve_ticks(client, "test", "sweep", when, work))
    try:
        await then()
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_the_server_itself_ticks_again_and_again(nats: Client) -> None:
    work = Work()

    async def two_ticks() -> None:
        await work.once_more()
        await work.once_more()

    await _while_serving(nats, work, two_ticks, EVERY_SECOND)
    assert work.done >= 1


async def test_a_tick_carries_the_moment_at_which_the_server_fired_it(nats: Client) -> None:
    """Not the one at which it is served: by that a clock that is wrong would agree with itself."""
    await _tick(nats)
    stored = await nats.jetstream().get_msg("TICKS", subject=tick_subject("test", "sweep"))
    assert stored.time is not None
    work = Work()
    await asyncio.sleep(0.05)
    await _while_serving(nats, work, work.once_more)
    assert abs(work.fired_at - stored.time) < timedelta(milliseconds=1)


async def test_declaring_a_schedule_again_replaces_it(nats: Client) -> None:
    for _service_start in range(3):
        await declare_schedule(nats, "test", "sweep", HOURLY)
    info = await nats.jetstream().stream_info("TICKS", subjects_filter="schedule.>")
    assert info.state.subjects == {"schedule.test.sweep": 1}


async def test_ticks_that_nobody_served_are_one_tick(nats: Client) -> None:
    for _second in range(5):
        await _tick(nats)
    assert await _waiting(nats) == 1
    work = Work()
    await _while_serving(nats, work, work.once_more)
    assert work.done == 1


async def test_a_tick_is_gone_once_its_work_is_done(nats: Client) -> None:
    work = Work()

    async def one_tick() -> None:
        await _tick(nats)
        await work.once_more()
        async with asyncio.timeout(WITHIN_S):
            while await _waiting(nats):
                await asyncio.sleep(0.005)

    await _while_serving(nats, work, one_tick)
    assert work.done == 1


async def test_a_tick_whose_work_failed_is_not_lost(nats: Client) -> None:
    work = Work(fail_first=True)
    await _tick(nats)
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(serve_ticks(nats, "test", "sweep", HOURLY, work), WITHIN_S)
    for _look in range(100):  # an acknowledgement would take its time
        assert await _waiting(nats) == 1


async def test_each_tick_is_served_by_one_of_several_replicas(
    server: NatsServer, nats: Client
) -> None:
    other = await connect(server.url, "replica")
    one, two = Work(), Work()

    async def many_ticks() -> None:
        for served in range(1, 11):
            await _tick(nats)
            async with asyncio.timeout(WITHIN_S):
                while one.done + two.done < served or await _waiting(nats):
                    await asyncio.sleep(0.005)

    async def both() -> None:
        await _while_serving(other, two, many_ticks)

    await _while_serving(nats, one, both)
    await other.close()
    assert one.done + two.done == 10
