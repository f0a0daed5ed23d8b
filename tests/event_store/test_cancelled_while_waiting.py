"""What nats-py and Python 3.11 would forget of a cancellation."""

import asyncio

import pytest
from nats.aio.client import Client


@pytest.mark.usefixtures("nats")  # who connects is who sees to it
async def test_one_that_comes_together_with_what_is_waited_for() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(asyncio.wait_for(answer, 10))
    await asyncio.sleep(0)
    answer.set_result("here it is")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_that_comes_while_much_waits_to_be_written(nats: Client) -> None:
    queue: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue(maxsize=1)
    nats._flush_queue, before = queue, nats._flush_queue
    queue.put_nowait(asyncio.get_running_loop().create_future())
    task = asyncio.create_task(nats.subscribe("x"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    nats._flush_queue = before


@pytest.mark.usefixtures("nats")
async def test_what_is_waited_for_comes_or_does_not() -> None:
    async def here() -> str:
        return "here it is"

    assert await asyncio.wait_for(here(), 10) == "here it is"
    assert await asyncio.wait_for(here(), None) == "here it is"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0)


async def test_who_cleans_up_after_one_still_sends(nats: Client) -> None:
    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await nats.publish("x", b"y")
            cleaned.set()

    cleaned = asyncio.Event()
    task = asyncio.create_task(waits())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()
