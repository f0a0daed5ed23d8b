"""Shows what a suite does while one waits for it, on a terminal or line by line."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import date
from time import monotonic
from typing import Any

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.status import Status

from deploy.commands.ending import heard
from deploy.commands.telling import console, tell_also_in
from deploy.embedded import Suite, running
from deploy.feeding.demo import Summary, replay
from deploy.feeding.replay import Hands
from shared.runtime.outside import harmless

A_LINE_EVERY_S = 5.0
LONG_AFTER_S = 30.0


async def until_asked(work: Coroutine[Any, Any, int]) -> int:
    """Do it, and give its exit code; SIGTERM, Ctrl-C or the end of its terminal cancel it, however
    far it is. More of them are no hurry: each service finishes what it has in hand. One that comes
    long after is: what waits for a server may have swallowed the first."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    asked: list[signal.Signals] = []
    heeded = -LONG_AFTER_S

    def ask(sign: signal.Signals) -> None:
        nonlocal heeded
        asked.append(sign)
        if monotonic() - heeded >= LONG_AFTER_S:
            heeded = monotonic()
            task.cancel()

    for sign in {signal.SIGINT, *heard()}:
        loop.add_signal_handler(sign, ask, sign)
    try:
        return await task
    except asyncio.CancelledError:
        return 128 + asked[0] if asked else 1


@asynccontextmanager
async def started(suite: Suite) -> AsyncIterator[Suite]:
    """The suite runs; until then it is shown what it waits for."""
    tell_also_in(suite.log_of("up"))
    console.print("starts NATS, the services and the gate …")
    waiting = _Waiting()
    try:
        async with running(suite, waiting.tell):
            waiting.end()
            yield suite
    finally:
        waiting.end()


class _Waiting:
    """One line that changes on a terminal; elsewhere a new one now and then."""

    def __init__(self) -> None:
        self._status = Status("", console=console) if console.is_terminal else None
        self._told_at, self._told = monotonic(), ""
        if self._status:
            self._status.start()

    def tell(self, waits_for: Mapping[str, str]) -> None:
        line = ", ".join(f"{part}: {reason}" for part, reason in waits_for.items())
        if self._status:
            self._status.update(escape(harmless(line)))
        elif line != self._told and monotonic() - self._told_at >= A_LINE_EVERY_S:
            console.print(f"waits for {line}", soft_wrap=True)
            self._told_at, self._told = monotonic(), line

    def end(self) -> None:
        if self._status:
            self._status.stop()


async def with_progress_bar(hands: Hands, until: date | None = None) -> Summary:
    columns = (
        TextColumn("{task.description:>18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def progress(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=of)
                for earlier, task in tasks.items():
                    if earlier != step:
                        total = bars.tasks[task].total
                        bars.update(task, completed=total)
            bars.update(tasks[step], completed=done)

        summary = await replay(hands, progress, until)
        for task in tasks.values():
            bars.update(task, completed=bars.tasks[task].total)
    return summary
