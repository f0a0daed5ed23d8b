"""Works through a reader: a batch is prepared while the one before is being made durable."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")
P = TypeVar("P")


class BatchReader(Protocol[T]):
    @property
    def has_more(self) -> bool: ...
    async def next(self) -> list[T]: ...


def heed_cancellation() -> None:
    """Raise a cancellation that got lost: Python 3.11's `wait_for` forgets one that comes in the
    same moment as what it waits for. A loop that waits has to ask, or a stop may never end."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class Turn:
    """One batch's place among those that are being settled, of which there are two at most."""

    def __init__(self, before: "asyncio.Task[None] | None") -> None:
        self._before = before
        self._let_on = asyncio.Event()

    def let_next_begin(self) -> None:
        """What is left to do needs the batches before this one, and none behind waits for it."""
        self._let_on.set()

    async def comes(self) -> None:
        """Wait until all batches before are settled. Raises what one of them failed for."""
        if self._before is not None:
            await asyncio.shield(self._before)

    @property
    def waits_for(self) -> "list[asyncio.Task[None]]":
        return [self._before] if self._before is not None else []

    async def is_over(self, task: "asyncio.Task[None]") -> None:
        """Wait until the next batch may begin. Raises what this one failed for."""
        await self.comes()
        if not task.done() and not self._let_on.is_set():
            let_on = asyncio.ensure_future(self._let_on.wait())
            try:
                await asyncio.wait({task, let_on}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                let_on.cancel()
        if task.done():
            task.result()


Settle = Callable[[list[T], P, Turn], Awaitable[None]]


async def work_through(
    reader: BatchReader[T], prepare: Callable[[list[T]], P], settle: Settle[T, P]
) -> None:
    """`prepare` is pure and runs ahead; `settle` runs strictly in order, but for what it does after
    `let_next_begin`: then the next one works meanwhile, until it needs its turn to come.

    A cancellation lets the batches in hand be settled; a second one cancels them as well. Nothing
    of them runs any more when this ends.
    """
    turn, under_way = Turn(None), asyncio.create_task(asyncio.sleep(0))

    async def settle_now(batch: list[T], prepared: P, turn: Turn) -> None:
        await settle(batch, prepared, turn)

    try:
        while True:
            heed_cancellation()  # the reader waits in a task of its own, and knows of none of ours
            if not reader.has_more:
                await asyncio.shield(under_way)
            batch = await _next(reader, under_way)
            prepared = prepare(batch)
            await turn.is_over(under_way)
            turn = Turn(under_way)
            under_way = asyncio.create_task(settle_now(batch, prepared, turn))
            await asyncio.sleep(0)
    finally:
        await _end([*turn.waits_for, under_way])


async def _end(tasks: "list[asyncio.Task[None]]") -> None:
    """Wait until they have ended, however often this is cancelled meanwhile."""
    is_cancelled = False
    while running := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError:
            is_cancelled = True
            for task in running:
                task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)  # what they failed for was told before
    if is_cancelled:
        raise asyncio.CancelledError


async def _next(reader: BatchReader[T], under_way: "asyncio.Task[None]") -> list[T]:
    """What lies there may be good for nothing: a failure must not wait for more to come."""
    if under_way.done():
        under_way.result()
        return await reader.next()
    coming = asyncio.ensure_future(reader.next())
    try:
        await asyncio.wait({coming, under_way}, return_when=asyncio.FIRST_COMPLETED)
        if under_way.done():
            under_way.result()
        return await coming
    finally:
        if not coming.done():
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
