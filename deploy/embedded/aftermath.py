"""Kills what a suite has started once the suite's own process is gone without having ended it.

A suite that can't say farewell ends as by a power cut, which its parts are made for. On Linux the
kernel sees to it; a process of its own does so everywhere, and where we end between a start and
what the kernel is told. It runs this file alone, so that nothing has to be installed for it.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1
AGAIN_AFTER_S = 0.3

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def with_its_parent() -> Callable[[], None]:
    """What a process does before it becomes a part: die when we do."""
    parent = os.getpid()

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


class Aftermath:
    """Tells the process of its own who runs; it takes the end of our pipe for our own."""

    def __init__(self, lock: int) -> None:
        self._lock = lock
        self._pids: list[int] = []
        self._process: asyncio.subprocess.Process | None = None
        self.there = asyncio.Event()

    def tell(self, pids: list[int]) -> None:
        self._pids = pids
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(f"{json.dumps(pids)}\n".encode())

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            self._process = await asyncio.create_subprocess_exec(
                *[sys.executable, "-I", "-S", __file__],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(self._lock,),
            )
            try:
                self.tell(self._pids)
                self.there.set()
                await self._process.wait()
            except asyncio.CancelledError:
                await _finished(self._process)
                raise
            await asyncio.sleep(AGAIN_AFTER_S)


async def _finished(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()


def _main() -> None:
    pids: list[int] = []
    for line in sys.stdin:
        with suppress(ValueError):  # cut off in the middle of a word
            pids = json.loads(line)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    _main()
