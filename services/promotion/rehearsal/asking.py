"""Has the log of members replayed under other tracks, by a process of its own; one at a time."""

import asyncio
import json
import math
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from services.promotion.domain.track import Track
from services.promotion.rehearsal.program import NO_MEMORY
from services.promotion.rehearsal.told import Rehearsed
from shared.contracts.routing import streams_of
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import answering, last_under
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader

PROJECT = Path(__file__).parents[3]
PROGRAM = "services.promotion.rehearsal.program"
BATCH = 2000
WITHIN_S = 90.0
MOST_BYTES = 1024**3


class BusyError(TryLaterError):
    """Somebody else's is not done yet, or it took too long."""


@dataclass
class Rehearsal:
    client: Client
    within_s: float = WITHIN_S
    most_bytes: int = MOST_BYTES
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, tracks: Sequence[Track]) -> Rehearsed:
        """Raises TryLaterError."""
        if self._one.locked():
            raise BusyError("another rehearsal is not done yet")
        async with self._one:
            try:
                async with asyncio.timeout(self.within_s):
                    return await self._rehearse(tracks)
            except TimeoutError:
                raise BusyError("the rehearsal took too long") from None

    async def _rehearse(self, tracks: Sequence[Track]) -> Rehearsed:
        """Nothing of our environment goes along, and nothing that it says of an error, for members
        could be named in it. It ends with us: when we are killed, its input does."""
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", PROGRAM),
            *(f"{self.most_bytes}", f"{math.ceil(self.within_s)}"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=PROJECT,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
        )
        try:
            said = await self._said(program, tracks)
            await program.wait()
        finally:
            with suppress(ProcessLookupError):
                program.kill()
            await program.wait()
        if program.returncode:
            raise BusyError(_ended(program.returncode))
        return Rehearsed.model_validate_json(said)

    async def _said(self, program: Process, tracks: Sequence[Track]) -> bytes:
        try:
            said, _ = await asyncio.gather(_all_of(program), self._feed(program, tracks))
        except (BrokenPipeError, ConnectionResetError):  # it ended by itself
            return b""
        return said

    async def _feed(self, program: Process, tracks: Sequence[Track]) -> None:
        assert program.stdin  # noqa: S101  a pipe
        pipe = program.stdin
        pipe.write(f"{json.dumps([asdict(each) for each in tracks])}\n".encode())
        for stream in streams_of("promotion"):
            only = [f"{stream.lower()}.member.>"]
            with answering(stream):
                until = await last_under(self.client, stream, only)
            if not until:
                continue
            source = ReadFrom(stream, 1, filters=only, batch=BATCH)
            async with open_reader(self.client, source) as reader:
                async for batch in reader.through(until):
                    told = ((dict(one.headers), one.body.decode(), one.sequence) for one in batch)
                    pipe.write("".join(f"{json.dumps(one)}\n" for one in told).encode())
                    await pipe.drain()
        pipe.close()


def _ended(status: int | None) -> str:
    if status == NO_MEMORY:
        return "the rehearsal took more memory than it may; try fewer tracks"
    return f"the rehearsal ended before it was done, with status {status}"


async def _all_of(program: Process) -> bytes:
    assert program.stdout  # noqa: S101  a pipe
    return await program.stdout.read()
