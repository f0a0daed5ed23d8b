"""Keeps a service's loops going: one that fails begins again from its checkpoint, loudly."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.pipeline import heed_cancellation
from shared.runtime import metrics

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 5.0


@dataclass
class Loop:
    """`position` tells how far it has come in `stream`; `trouble` why it is not running.

    A `filtered` one reads only part of its stream and need not reach its end. `tally` counts what
    became of its messages, for the metrics.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    stream: str = ""
    position: Callable[[], int] = lambda: 0
    filtered: bool = False
    tally: Callable[[], Mapping[str, int]] = dict
    trouble: str | None = None


@dataclass
class Loops:
    """`damaged` is set when the log can't be trusted: then the whole service has to stop."""

    loops: list[Loop] = field(default_factory=list)
    damaged: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, loop: Loop) -> None:
        self.loops.append(loop)

    def troubles(self) -> list[str]:
        return [f"{loop.name}: {loop.trouble}" for loop in self.loops if loop.trouble]

    def positions(self) -> dict[str, int]:
        return {loop.name: loop.position() for loop in self.loops if loop.stream}

    async def run(self) -> None:
        """Until cancelled; then each finishes what it has in hand."""
        tasks = [asyncio.create_task(self._keep_going(loop)) for loop in self.loops]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_going(self, loop: Loop) -> None:
        log = structlog.get_logger().bind(loop=loop.name)
        pause = FIRST_PAUSE_S
        while True:
            heed_cancellation()
            started = asyncio.get_running_loop().time()
            watch = asyncio.create_task(self._clear_trouble(loop))
            try:
                await loop.run()
            except LogDamagedError as error:
                loop.trouble = str(error)
                log.critical("the log is damaged; the service stops", reason=str(error))
                self.damaged.set()
                return
            except Exception as error:  # noqa: BLE001  whatever it is, the checkpoint tells where to go on
                loop.trouble = f"{type(error).__name__}"
                metrics.restarts.labels(loop.name).inc()
                log.warning("begins again from its checkpoint", error=_told(error), pause_s=pause)
            finally:
                watch.cancel()
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _clear_trouble(self, loop: Loop) -> None:
        """Running for a moment counts as well again."""
        await asyncio.sleep(0.5)
        loop.trouble = None


def _told(error: BaseException) -> str:
    """The kind of error and where it arose, without its text: that may quote a payload."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else ""
    return f"{type(error).__name__}{where}"
