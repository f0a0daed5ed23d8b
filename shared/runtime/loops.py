"""Keeps a service's loops going: one that fails begins again from its checkpoint, loudly."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.eventsourcing.errors import LeaseLostError, LogDamagedError, TryLaterError
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.pipeline import heed_cancellation
from shared.runtime import metrics
from shared.runtime.stopping import FINISH_WITHIN_S, stop

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 5.0
SOUND_AFTER_S = 10.0
LOOKED_AT_EVERY_S = 0.5


class AskedToBeginAgainError(Exception):
    """Somebody moved its position."""


@dataclass
class Loop:
    """`position` tells how far it has come in `stream`, `goal` how far that goes for it; `trouble`
    why it is not running.

    With a `lease` it runs in one process at a time; `meanwhile` runs in the others, if there is
    anything for them to do. `tally` counts what became of its messages, for the metrics.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    stream: str = ""
    position: Callable[[], int] = lambda: 0
    goal: Callable[[], Awaitable[int]] | None = None
    lease: Lease | None = None
    meanwhile: Callable[[], Coroutine[Any, Any, None]] | None = None
    tally: Callable[[], Mapping[str, int]] = dict
    trouble: str | None = None
    owned: bool = False
    again: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def stands_by(self) -> bool:
        """Whether another process owns it."""
        return self.lease is not None and not self.owned and bool(self.lease.held_by)


@dataclass
class Loops:
    """`damaged` is set when the log can't be trusted: then the whole service has to stop. `words`
    are for errors that it knows and we do not."""

    loops: list[Loop] = field(default_factory=list)
    damaged: asyncio.Event = field(default_factory=asyncio.Event)
    words: Callable[[BaseException], str | None] = lambda _: None
    finish_within_s: float = FINISH_WITHIN_S

    def add(self, loop: Loop) -> None:
        self.loops.append(loop)

    def troubles(self) -> list[str]:
        return [f"{loop.name}: {loop.trouble}" for loop in self.loops if loop.trouble]

    def standbys(self) -> list[str]:
        return [loop.name for loop in self.loops if loop.stands_by]

    def begin_again(self, name: str) -> bool:
        """Have a loop read its position again; whether this process runs it."""
        mine = [loop for loop in self.loops if loop.name == name and loop.owned]
        for loop in mine:
            loop.again.set()
        return bool(mine)

    def positions(self) -> dict[str, int]:
        """Of the loops that this process knows about: its own, and what it follows meanwhile."""
        return {
            loop.name: loop.position()
            for loop in self.loops
            if loop.stream and (loop.meanwhile is not None or not loop.stands_by)
        }

    async def run(self) -> None:
        """Until cancelled; then each finishes what it has in hand, for which there is a time."""
        tasks = [asyncio.create_task(self._keep_going(loop)) for loop in self.loops]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            await stop(tasks, self.finish_within_s)

    async def _keep_going(self, loop: Loop) -> None:
        log = structlog.get_logger().bind(loop=loop.name)
        pause = FIRST_PAUSE_S
        while True:
            heed_cancellation()
            started, reached = asyncio.get_running_loop().time(), loop.position()
            watch = asyncio.create_task(_clear_trouble(loop, reached))
            try:
                await _turn(loop)
            except LogDamagedError as error:
                loop.trouble = str(error)
                log.critical("the log is damaged; the service stops", reason=str(error))
                self.damaged.set()
                return
            except LeaseLostError as error:
                log.warning("stands by", reason=str(error))
            except AskedToBeginAgainError:
                log.info("begins again from its position, as asked")
                continue
            except Exception as error:  # noqa: BLE001  whatever it is, the checkpoint tells where to go on
                loop.trouble = self.words(error) or _in_words(error)
                metrics.restarts.labels(loop.name).inc()
                log.warning(
                    "begins again from its checkpoint",
                    error=_told(error),
                    reason=loop.trouble,
                    pause_s=pause,
                )
            finally:
                watch.cancel()
                loop.owned = False
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)


async def _turn(loop: Loop) -> None:
    """Run, if need be once nobody else does. A failure gives the lease back: perhaps another
    process does better."""
    if loop.lease is None:
        await loop.run()
        return
    waiting = asyncio.create_task(loop.meanwhile()) if loop.meanwhile else None
    try:
        async with loop.lease.held() as lost:
            if waiting is not None:
                waiting.cancel()
            loop.owned = True
            loop.again.clear()
            await _unless(lost, loop.again, loop.run())
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


async def _unless(lost: asyncio.Event, again: asyncio.Event, run: Awaitable[None]) -> None:
    """Run until it is lost to another process, or asked to begin again.

    Raises LeaseLostError, AskedToBeginAgainError.
    """
    running = asyncio.ensure_future(run)
    losing, asked = asyncio.create_task(lost.wait()), asyncio.create_task(again.wait())
    tasks = (running, losing, asked)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        elif losing.done():
            raise LeaseLostError("another process has taken over")
        else:
            raise AskedToBeginAgainError
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _clear_trouble(loop: Loop, reached: int) -> None:
    """Only progress shows that it is well again, or a good while without a failure."""
    waited = 0.0
    while waited < SOUND_AFTER_S and loop.position() == reached and not loop.stands_by:
        await asyncio.sleep(LOOKED_AT_EVERY_S)
        waited += LOOKED_AT_EVERY_S
    loop.trouble = None


def _in_words(error: BaseException) -> str:
    """Our own errors name positions and causes; the text of others may quote a payload."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, TryLaterError) and str(error) else kind


def _told(error: BaseException) -> str:
    """The kind of error and where it arose, without its text: that may quote a payload."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else ""
    return f"{_in_words(error)}{where}"
