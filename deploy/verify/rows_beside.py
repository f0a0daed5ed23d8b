"""Has the rows proven by a second process while the logs are read, where there is much of both."""

import asyncio
import json
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from deploy.suite import SERVICES
from deploy.verify.case import Case
from deploy.verify.rows import check_rows
from shared.contracts.routing import logs
from shared.runtime.settings import Settings

BESIDE_FROM = 100_000
"""Events in all logs together; with fewer a second process has hardly begun when all is done."""
LONGEST_LINE = 1 << 22
ALONE = [sys.executable, "-P", "-m", "deploy.verify.rows_alone"]


class Order(NamedTuple):
    """What the second process has to know of the case; it goes through a pipe, secrets and all."""

    settings: Settings
    services_run: bool
    ends: dict[str, int]
    goals: dict[str, int]


@asynccontextmanager
async def rows_beside(case: Case) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Gives what brings the proof of all rows to its end, and is awaited when all else is done."""
    if sum(case.ends.get(stream, 0) for stream in logs()) < BESIDE_FROM:
        yield lambda: _here(case)
        return
    process = await asyncio.create_subprocess_exec(
        *ALONE, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=LONGEST_LINE
    )
    answer = _Answer(case)
    listens = asyncio.create_task(answer.listen(process))
    try:
        order = Order(case.settings, case.services_run, case.ends, case.goals)
        process.stdin.write(b64encode(pickle.dumps(order)) + b"\n")  # type: ignore[union-attr]
        yield lambda: answer.wait(listens)
    finally:
        listens.cancel()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _here(case: Case) -> None:
    for service in SERVICES:
        await check_rows(case, service)


class _Answer:
    """What the second process says, a line of JSON each; shown only once nothing else is."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._step, self._is_shown = "", False
        self._found: dict[str, Any] | None = None

    async def listen(self, process: Process) -> None:
        while line := await process.stdout.readline():  # type: ignore[union-attr]
            match json.loads(line):
                case ["says", step]:
                    self._step = step
                    if self._is_shown:
                        self._case.say(step)
                case ["moved", what, done, of]:
                    if self._is_shown:
                        self._case.moved(what, done, of)
                case ["found", found]:
                    self._found = found

    async def wait(self, listens: asyncio.Task[None]) -> None:
        """A process that came to nothing, whatever the reason, leaves the work to us."""
        if self._step and not listens.done():
            self._case.say(self._step)
        self._is_shown = True
        await listens
        if self._found is None:
            await _here(self._case)
        else:
            self._case.take_over(self._found)
