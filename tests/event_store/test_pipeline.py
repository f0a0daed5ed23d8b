"""Batches are settled in order, and one may begin while the one before is being answered."""

import asyncio
import contextlib
from collections.abc import Callable

import pytest

from shared.eventsourcing.pipeline import Turn, work_through


class Batches:
    """Gives the numbers from 1, then waits for ever."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._given = 0

    @property
    def has_more(self) -> bool:
        return self._given < self._count

    async def next(self) -> list[int]:
        if self._given == self._count:
            await asyncio.Event().wait()
        self._given += 1
        return [self._given]


class Work:
    """Commands in a first half, an answer in a second one; `held` answers wait to be let go."""

    def __init__(self, count: int, held: int = 0, fails: str = "") -> None:
        self.done: list[str] = []
        self._gates = {number: asyncio.Event() for number in range(1, held + 1)}
        self._fails = fails
        self.task = asyncio.create_task(work_through(Batches(count), list, self._settle))

    def let_go(self, number: int) -> None:
        self._gates[number].set()

    async def _settle(self, batch: list[int], _: list[int], turn: Turn) -> None:
        (number,) = batch
        self._do(f"commands {number}")
        turn.let_next_begin()
        if gate := self._gates.get(number):
            await gate.wait()
        await turn.comes()
        self._do(f"answer {number}")

    def _do(self, what: str) -> None:
        if what == self._fails:
            raise ValueError(what)
        self.done.append(what)

    async def ends(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


async def _soon(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


async def test_the_next_batch_begins_while_one_is_being_answered_and_no_third_one() -> None:
    work = Work(3, held=1)
    await _soon(lambda: work.done == ["commands 1", "commands 2"])
    for _ in range(50):
        await asyncio.sleep(0)
    assert work.done == ["commands 1", "commands 2"]
    work.let_go(1)
    await _soon(lambda: len(work.done) == 6)
    assert work.done.index("answer 1") < work.done.index("commands 3")
    await work.ends()


async def test_answers_keep_the_order_whichever_is_ready_first() -> None:
    work = Work(2, held=2)
    await _soon(lambda: "commands 2" in work.done)
    work.let_go(2)
    for _ in range(50):
        await asyncio.sleep(0)
    assert work.done == ["commands 1", "commands 2"]
    work.let_go(1)
    await _soon(lambda: work.done[2:] == ["answer 1", "answer 2"])
    await work.ends()


@pytest.mark.parametrize("bad", ["commands 2", "answer 2"])
async def test_behind_what_failed_nothing_is_answered(bad: str) -> None:
    work = Work(4, fails=bad)
    with pytest.raises(ValueError, match=bad):
        await work.task
    assert "answer 1" in work.done
    assert not {"answer 2", "answer 3", "commands 4"} & set(work.done)
    assert bad == "answer 2" or "commands 3" not in work.done


async def test_what_failed_is_told_though_nothing_more_comes() -> None:
    work = Work(1, fails="answer 1")
    with pytest.raises(ValueError, match="answer 1"):
        await work.task


async def test_a_stop_finishes_what_is_in_hand() -> None:
    work = Work(2, held=2)
    await _soon(lambda: "commands 2" in work.done)
    work.task.cancel()
    for _ in range(50):
        await asyncio.sleep(0)
    assert not work.task.done()
    work.let_go(1)
    work.let_go(2)
    with pytest.raises(asyncio.CancelledError):
        await work.task
    assert work.done == ["commands 1", "commands 2", "answer 1", "answer 2"]


async def test_a_second_stop_ends_what_is_in_hand_and_leaves_nothing_running() -> None:
    """Each needs long to end, the first one longest: nobody else would wait for it."""
    may_end = [asyncio.Event(), asyncio.Event()]
    done: list[str] = []

    async def settle(batch: list[int], _: list[int], turn: Turn) -> None:
        done.append(f"begins {batch}")
        turn.let_next_begin()
        try:
            await asyncio.Event().wait()
        finally:
            await may_end[batch[0] - 1].wait()
            done.append(f"ends {batch}")

    task = asyncio.create_task(work_through(Batches(2), list, settle))
    await _soon(lambda: len(done) == 2)
    for _ in range(2):
        task.cancel()
        for _ in range(50):
            await asyncio.sleep(0)
    assert len(done) == 2
    for number in (2, 1):
        assert not task.done()
        may_end[number - 1].set()
        await _soon(lambda: len(done) == 5 - number)  # noqa: B023  it is looked at here
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(done) == 4


async def test_a_batch_that_lets_nobody_begin_is_alone() -> None:
    done: list[str] = []

    async def settle(batch: list[int], _: list[int], turn: Turn) -> None:
        done.append(f"begins {batch}")
        await asyncio.sleep(0)
        await turn.comes()
        done.append(f"ends {batch}")

    task = asyncio.create_task(work_through(Batches(2), list, settle))
    await _soon(lambda: len(done) == 4)
    assert done == ["begins [1]", "ends [1]", "begins [2]", "ends [2]"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_failed_is_told_though_what_lies_there_is_good_for_nothing() -> None:
    """A reader may throw away what it has, and wait for more."""

    class Throws(Batches):
        @property
        def has_more(self) -> bool:
            return True

    async def settle(_batch: list[int], _prepared: list[int], _turn: Turn) -> None:
        await asyncio.sleep(0)
        raise ValueError("a batch failed")

    with pytest.raises(ValueError, match="a batch failed"):
        await asyncio.wait_for(work_through(Throws(1), list, settle), 60)


async def test_a_stop_that_got_lost_before_the_loop_began_is_heeded_by_it() -> None:
    """Libraries lose some; the reader waits in a task of its own, and could not know."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def settle(_batch: list[int], _prepared: list[int], _turn: Turn) -> None:
        pass

    async def begins_and_works() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await answer
        await work_through(Batches(0), list, settle)

    task = asyncio.create_task(begins_and_works())
    await asyncio.sleep(0)
    answer.set_result(None)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(task), 5)
