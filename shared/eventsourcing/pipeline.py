"""Works through a reader: a batch is prepared while the one before is being made durable."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
P = TypeVar("P")


class BatchReader(Protocol[T]):
    @property
    def has_more(self) -> bool: ...
    async def next(self) -> list[T]: ...


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """Do the work to its end even if cancelled meanwhile: a stop finishes what is in hand."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def heed_cancellation() -> None:
    """Raise a cancellation that got lost: Python 3.11's `wait_for` forgets one that comes in the
    same moment as what it waits for. A loop that waits has to ask, or a stop may never end."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def work_through(
    reader: BatchReader[T],
    prepare: Callable[[list[T]], P],
    settle: Callable[[list[T], P], Awaitable[None]],
) -> None:
    """`prepare` is pure and may run ahead by one batch; `settle` runs strictly in order."""
    under_way: asyncio.Task[None] | None = None

    async def settle_now(batch: list[T], prepared: P) -> None:
        await settle(batch, prepared)

    try:
        while True:
            if under_way is not None and not reader.has_more:
                await asyncio.shield(under_way)
            batch = await reader.next()
            prepared = prepare(batch)
            if under_way is not None:
                await asyncio.shield(under_way)
            under_way = asyncio.create_task(settle_now(batch, prepared))
            await asyncio.sleep(0)
    finally:
        if under_way is not None:
            await asyncio.gather(under_way, return_exceptions=True)
