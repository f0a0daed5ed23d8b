"""Has a file cleaned by a process of its own, one at a time."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from services.intake.files.program import UNCLEAN
from services.intake.files.sorts import UncleanError, kind_of
from shared.contracts.attachment import FileKind

MOST_BYTES = 10 * 1024**2
WITHIN_S = 30.0
PROJECT = Path(__file__).parents[3]
PROGRAM = "services.intake.files.program"


class Cleaned(NamedTuple):
    """`preview` is a small JPEG; of a document there is none."""

    kind: FileKind
    preview: bytes
    whole: bytes


class Cleaner:
    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)

    async def clean(self, content: bytes) -> Cleaned:
        """Raises UncleanError."""
        if len(content) > MOST_BYTES:
            raise UncleanError("large")
        kind_of(content)
        async with self._one, _running() as process:
            try:
                async with asyncio.timeout(WITHIN_S):
                    out, _ = await process.communicate(content)
            except TimeoutError:
                raise UncleanError("damaged", is_slow=True) from None
        if process.returncode == UNCLEAN:
            raise UncleanError(out.decode())
        if process.returncode:
            raise UncleanError("damaged", is_slow=process.returncode < 0)
        head, _, rest = out.partition(b"\n")
        told = json.loads(head)
        cleaned = Cleaned(told["kind"], rest[: told["preview"]], rest[told["preview"] :])
        if len(cleaned.whole) > MOST_BYTES:
            raise UncleanError("large")
        return cleaned


@asynccontextmanager
async def _running() -> AsyncIterator[asyncio.subprocess.Process]:
    """Nothing of our own environment goes along: secrets may stand in it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        PROGRAM,
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=PROJECT,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
