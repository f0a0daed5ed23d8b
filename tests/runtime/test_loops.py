"""A loop that fails begins again, and its trouble shows until it has come further."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from looking_again import until
from nats.aio.client import Client

from shared.eventsourcing.errors import LeaseLostError, LogDamagedError, LogUnavailableError
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.pipeline import work_through
from shared.runtime import loops as module
from shared.runtime import metrics
from shared.runtime.loops import Loop, Loops

WITHIN_S = 60.0


class Work:
    """Fails with what it is given, one after the other, and then goes on for ever."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.position = 0
        self.begun = 0

    async def run(self) -> None:
        """Not at once: it runs for a moment, and seems to be well."""
        self.begun += 1
        if self.failures:
            await asyncio.sleep(0.05)
            raise self.failures.pop(0)
        await asyncio.Event().wait()

    def loop(self, lease: Lease | None = None) -> Loop:
        return Loop("work", self.run, "INTAKE", lambda: self.position, lease=lease)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(module, "LOOKED_AT_EVERY_S", 0.01)


@asynccontextmanager
async def going(*loops: Loop) -> AsyncIterator[Loops]:
    some = Loops(list(loops))
    task = asyncio.create_task(some.run())
    try:
        yield some
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_begins_again_without_coming_further_is_in_trouble_all_the_time() -> None:
    """Also while it runs between two failures: else readiness would be green half of the time."""
    work = Work(*[ZeroDivisionError() for _ in range(4)])
    async with going(work.loop()) as loops:
        await until(lambda: work.begun == 2)
        seen = set()
        while work.begun < 5:
            seen.add(tuple(loops.troubles()))
            await asyncio.sleep(0)
        assert seen == {("work: ZeroDivisionError",)}
        assert loops.troubles() == ["work: ZeroDivisionError"], "it runs, and has shown nothing yet"
        work.position += 1
        await until(lambda: not loops.troubles())


async def test_a_good_while_without_a_failure_is_as_good_as_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There may be nothing to do."""
    monkeypatch.setattr(module, "SOUND_AFTER_S", 0.1)
    work = Work(LogUnavailableError("no answer"))
    async with going(work.loop()) as loops:
        await until(lambda: loops.troubles() == ["work: LogUnavailableError: no answer"])
        await until(lambda: not loops.troubles())
    assert work.begun == 2


async def test_the_text_of_an_error_that_is_not_ours_is_never_told() -> None:
    """It may quote what somebody sent."""
    work = Work(ValueError("Kowalczyk-7391"))
    async with going(work.loop()) as loops:
        await until(lambda: bool(loops.troubles()))
        assert loops.troubles() == ["work: ValueError"]


async def test_each_restart_is_counted() -> None:
    before = _restarts()
    work = Work(ValueError(), ValueError())
    async with going(work.loop()):
        await until(lambda: work.begun == 3)
    assert _restarts() == before + 2


def _restarts() -> float:
    return metrics.registry.get_sample_value("tribune_loop_restarts_total", {"loop": "work"}) or 0


async def test_one_that_fails_stops_no_other() -> None:
    bad, good = Work(*[ValueError() for _ in range(3)]), Work()
    async with going(bad.loop(), good.loop()):
        await until(lambda: bad.begun == 4)
    assert good.begun == 1


async def test_damage_is_not_tried_again_and_stops_the_service() -> None:
    work = Work(LogDamagedError("INTAKE has no message 7"))
    async with going(work.loop()) as loops:
        await asyncio.wait_for(loops.damaged.wait(), WITHIN_S)
        assert loops.troubles() == ["work: INTAKE has no message 7"]
    assert work.begun == 1


async def test_who_has_lost_its_lease_stands_by_and_is_in_no_trouble(nats: Client) -> None:
    one = Work(LeaseLostError("another"))
    async with going(one.loop(Lease(nats, "work", "one"))) as loops:
        await until(lambda: one.begun == 2)
        assert loops.troubles() == []
        two = Work()
        async with going(two.loop(Lease(nats, "work", "two"))) as others:
            await until(lambda: others.standbys() == ["work"])
            assert loops.standbys() == []
            assert two.begun == 0
            assert (loops.positions(), others.positions()) == ({"work": 0}, {}), (
                "who stands by knows no position"
            )


async def test_a_failure_gives_the_lease_back(nats: Client) -> None:
    """Perhaps another process does better."""
    one, two = Work(), Work()
    failing = asyncio.Event()

    async def fail() -> None:
        one.begun += 1
        await failing.wait()
        raise ZeroDivisionError

    loop = one.loop(Lease(nats, "work", "one"))
    loop.run = fail
    async with going(loop):
        await until(lambda: one.begun == 1)
        heir = Lease(nats, "work", "two")
        async with going(two.loop(heir)):
            await until(lambda: heir.held_by == "one")
            assert two.begun == 0
            failing.set()
            await until(lambda: two.begun == 1)


async def test_a_stop_lets_each_loop_finish_what_it_has_in_hand_however_soon_others_end() -> None:
    """One that had ended had all others stopped a second time, in the middle of their work."""
    may_finish, stopping, done = asyncio.Event(), asyncio.Event(), []

    async def with_work_in_hand() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopping.set()
            await may_finish.wait()
            done.append("finished")

    slow, quick = Loop("slow", with_work_in_hand), Work()
    task = asyncio.create_task(Loops([slow, quick.loop()]).run())
    await until(lambda: bool(quick.begun))
    task.cancel()
    await stopping.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    may_finish.set()
    await asyncio.gather(task, return_exceptions=True)
    assert done == ["finished"]


async def test_a_stop_ends_what_can_not_be_finished() -> None:
    """As a publication while the log is away: it waits longer than a container may take to stop."""
    begun, ended = asyncio.Event(), []

    class Batches:
        has_more = True

        async def next(self) -> list[int]:
            if begun.is_set():
                await asyncio.Event().wait()
            begun.set()
            return [1]

    async def settle(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("its batch")

    loop = Loop("stuck", lambda: work_through(Batches(), list, settle))
    task = asyncio.create_task(Loops([loop], finish_within_s=0.1).run())
    await begun.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=WITHIN_S / 6)
    assert (task.done(), ended) == (True, ["its batch"])
