"""Has a second process read PUBLIC and prove the rows, where there is much of both."""

import asyncio
import json
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from deploy.programs import SERVICES
from deploy.verify.case import Case
from deploy.verify.logs import check_log
from deploy.verify.rows import check_rows
from deploy.verify.scratch import folder_of_its_own
from shared.contracts.routing import log_of, logs
from shared.runtime.settings import Settings

BESIDE_FROM = 100_000
"""Events in all logs together; with fewer a second process has hardly begun when all is done."""
LONGEST_LINE = 1 << 22
ALONE = [sys.executable, "-P", "-m", "deploy.verify.second"]
PUBLIC = log_of("public")
READ, PROVEN = "read", "proven"
"""What the second process ends its two parts with."""


class Order(NamedTuple):
    """What the second process has to know of the case; it goes through a pipe, secrets and all.
    `notes` is where it leaves what it noted of PUBLIC."""

    settings: Settings
    services_run: bool
    ends: dict[str, int]
    goals: dict[str, int]
    notes: Path


class Parts(Protocol):
    """What may be done beside, each to be awaited where its result is needed."""

    async def public(self) -> None: ...

    async def rows(self) -> None: ...


@asynccontextmanager
async def beside(case: Case) -> AsyncIterator[Parts]:
    if sum(case.ends.get(stream, 0) for stream in logs()) < BESIDE_FROM:
        yield Here(case)
        return
    with folder_of_its_own() as folder:
        process = await asyncio.create_subprocess_exec(
            *ALONE, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=LONGEST_LINE
        )
        there = There(case, folder / "notes.db")
        listens = asyncio.create_task(there.listen(process))
        try:
            order = Order(
                case.settings, case.services_run, case.ends, case.goals, folder / "notes.db"
            )
            process.stdin.write(b64encode(pickle.dumps(order)) + b"\n")  # type: ignore[union-attr]
            yield there
        finally:
            listens.cancel()
            if process.returncode is None:
                process.kill()
            await process.wait()


class Here:
    """Both in this process, one after the other."""

    def __init__(self, case: Case) -> None:
        self._case = case

    async def public(self) -> None:
        await check_log(self._case, PUBLIC, [], folds=False)

    async def rows(self) -> None:
        for service in SERVICES:
            await check_rows(self._case, service)


class There:
    """What the second process says, a line of JSON each; shown only once nothing else is."""

    def __init__(self, case: Case, notes: Path) -> None:
        self._case = case
        self._notes = notes
        self._here = Here(case)
        self._step, self._is_shown = "", False
        self._found: dict[str, dict[str, Any]] = {}
        self._came = asyncio.Event()
        self._is_over = False

    async def listen(self, process: Process) -> None:
        try:
            while line := await process.stdout.readline():  # type: ignore[union-attr]
                self._hear(json.loads(line))
        finally:
            self._is_over = True
            self._came.set()

    async def public(self) -> None:
        if await self._is_done(READ):
            self._case.scratch.take_in(self._notes)
        else:
            await self._here.public()

    async def rows(self) -> None:
        if not await self._is_done(PROVEN):
            await self._here.rows()
        while not self._is_over:  # it ends by itself: what is killed could look like a fault
            await self._something()

    def _hear(self, said: list[Any]) -> None:
        match said:
            case ["says", step]:
                self._step = step
                if self._is_shown:
                    self._case.say(step)
            case ["moved", what, done, of]:
                if self._is_shown:
                    self._case.moved(what, done, of)
            case [part, found]:
                self._found[part], self._step = found, ""
                self._came.set()

    async def _is_done(self, part: str) -> bool:
        """A process that came to nothing, whatever the reason, leaves the work to us."""
        if self._step and not self._is_over and part not in self._found:
            self._case.say(self._step)
        self._is_shown = True
        while part not in self._found and not self._is_over:
            await self._something()
        self._is_shown = False
        if part in self._found:
            self._case.take_over(self._found[part])
        return part in self._found

    async def _something(self) -> None:
        self._came.clear()
        await self._came.wait()
