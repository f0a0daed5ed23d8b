"""Pages of a sweep: one is decided while the one before is being made durable."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from shared.eventsourcing.event_store import AggregateKey

AT_ONCE = 2

Work = Callable[[Callable[[], None]], Awaitable[None]]
"""It calls what it is given once all that it decided is on its way into the log."""


@dataclass
class PagesUnderWay:
    """In order, and never two about one aggregate: the later one is decided by what the earlier one
    left."""

    _tasks: list[tuple[asyncio.Task[None], set[AggregateKey]]] = field(default_factory=list)

    async def begin(self, keys: set[AggregateKey], work: Work) -> None:
        """Returns once all of it is on its way. Raises what a page before has failed for."""
        while len(self._tasks) >= AT_ONCE or any(keys & each for _, each in self._tasks):
            await asyncio.shield(self._tasks[0][0])
            del self._tasks[0]
        sent = asyncio.Event()

        async def page() -> None:
            await work(sent.set)

        task = asyncio.create_task(page())
        self._tasks.append((task, keys))
        on_its_way = asyncio.ensure_future(sent.wait())
        try:
            await asyncio.wait({task, on_its_way}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            on_its_way.cancel()

    async def end(self) -> None:
        """Wait for all. Raises what the first one failed for; the others have ended, too."""
        tasks = [task for task, _ in self._tasks]
        self._tasks.clear()
        try:
            found = await asyncio.gather(*tasks, return_exceptions=True)
        except asyncio.CancelledError:
            await self.stop(tasks)
            raise
        for error in found:
            if isinstance(error, BaseException):
                raise error

    async def stop(self, tasks: Collection[asyncio.Task[None]] | None = None) -> None:
        """Nothing of it runs any more; what it failed for does not count beside why it stops."""
        tasks = [task for task, _ in self._tasks] if tasks is None else tasks
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
