"""Has a second process prove half of the logs, with their rows, where there is much of them."""

import asyncio
import json
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from deploy.verify.case import Case
from deploy.verify.expectations import Expectation
from deploy.verify.inboxes import check_inboxes
from deploy.verify.logs import prove_log
from deploy.verify.receipts import InboxMarks, read_receipts
from deploy.verify.scratch import folder_of_its_own
from shared.contracts.routing import log_of, logs
from shared.eventsourcing.jetstream.positions import Position
from shared.runtime.settings import Settings

BESIDE_FROM = 100_000
"""Events in all logs together; with fewer a second process has hardly begun when all is done."""
LONGEST_LINE = 1 << 22
ALONE = [sys.executable, "-P", "-m", "deploy.verify.second"]
BESIDE = (log_of("promotion"), log_of("public"))
"""What INTAKE leads to; with RECEIPTS and inboxes two thirds as much work as INTAKE itself."""

PROVEN = "proven"
"""What the second process ends with."""


class Order(NamedTuple):
    """What the second process has to know of the case; it goes through a pipe, secrets and all.
    `notes` is where it leaves what it noted."""

    settings: Settings
    services_run: bool
    ends: dict[str, int]
    goals: dict[str, int]
    positions: dict[str, Position]
    notes: Path


class Others(Protocol):
    """RECEIPTS, inboxes and the logs of `BESIDE`, wherever they are proven."""

    async def proven(self) -> dict[str, InboxMarks]:
        """Awaited once everything else was read; how far each inbox is."""


@asynccontextmanager
async def beside(case: Case, expected: Sequence[Expectation]) -> AsyncIterator[Others]:
    here = Here(case, expected)
    if sum(case.ends.get(stream, 0) for stream in logs()) < BESIDE_FROM:
        yield here
        return
    with folder_of_its_own() as folder:
        process = await asyncio.create_subprocess_exec(
            *ALONE, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=LONGEST_LINE
        )
        there = There(case, here, folder / "notes.db")
        listens = asyncio.create_task(there.listen(process))
        try:
            said = (case.services_run, case.ends, case.goals, case.positions)
            order = Order(case.settings, *said, folder / "notes.db")
            process.stdin.write(b64encode(pickle.dumps(order)) + b"\n")  # type: ignore[union-attr]
            yield there
        finally:
            listens.cancel()
            if process.returncode is None:
                process.kill()
            await process.wait()


class Here:
    """In this process, one after the other."""

    def __init__(self, case: Case, expected: Sequence[Expectation]) -> None:
        self._case, self._expected = case, expected

    async def proven(self) -> dict[str, InboxMarks]:
        marks = await read_receipts(self._case)
        await check_inboxes(self._case, marks)
        for stream in BESIDE:
            await prove_log(self._case, stream, self._expected)
        return marks


class There:
    """What the second process says, a line of JSON each; shown only once nothing else is."""

    def __init__(self, case: Case, here: Here, notes: Path) -> None:
        self._case, self._here, self._notes = case, here, notes
        self._step, self._is_shown = "", False
        self._found: dict[str, Any] | None = None
        self._marks: dict[str, InboxMarks] = {}
        self._is_over = asyncio.Event()

    async def listen(self, process: Process) -> None:
        try:
            while line := await process.stdout.readline():  # type: ignore[union-attr]
                self._hear(json.loads(line))
        finally:
            self._is_over.set()

    async def proven(self) -> dict[str, InboxMarks]:
        """A process that came to nothing, whatever the reason, leaves the work to us. It is left
        to end by itself: what is killed could look like a fault."""
        if self._step and not self._is_over.is_set():
            self._case.say(self._step)
        self._is_shown = True
        await self._is_over.wait()
        self._is_shown = False
        if self._found is None:
            return await self._here.proven()
        self._case.take_over(self._found)
        self._case.scratch.take_in(self._notes)
        self._case.states.have_come_in()
        return self._marks

    def _hear(self, said: list[Any]) -> None:
        match said:
            case ["says", step]:
                self._step = step
                if self._is_shown:
                    self._case.say(step)
            case ["moved", what, done, of]:
                if self._is_shown:
                    self._case.moved(what, done, of)
            case [_, found, marks]:
                self._found, self._step = found, ""
                self._marks = {source: InboxMarks(**of) for source, of in marks.items()}
