"""A loop that waits for the log stops when it is told to, also if that comes with an answer."""

import asyncio
import contextlib

import pytest

from shared.eventsourcing.pipeline import heed_cancellation


async def test_a_cancellation_that_comes_together_with_an_answer_is_heeded_by_the_next_round() -> (
    None
):
    """Libraries may forget it, as Python 3.11's own `wait_for` did."""
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    rounds = 0

    async def waits_for_ever() -> None:
        nonlocal rounds
        while True:
            heed_cancellation()
            rounds += 1
            with contextlib.suppress(asyncio.CancelledError):
                await answer

    task = asyncio.create_task(waits_for_ever())
    await asyncio.sleep(0)
    answer.set_result("here it is")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(task), 1)
    assert rounds == 1


async def test_whoever_is_not_cancelled_goes_on() -> None:
    heed_cancellation()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await asyncio.sleep(1)
    heed_cancellation()
