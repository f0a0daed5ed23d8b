"""`tribune up` as a process of its own, and everything that it has started."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from real_suite import Home, free_ports, until

from deploy.embedded import is_running
from deploy.embedded.suite import KEYS
from deploy.locks.keyring import Keyring

PROC = Path("/proc/self/stat")
SIGNS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Up:
    home: Home
    process: "subprocess.Popen[str]"
    stderr: Path
    seen: set[int] = field(default_factory=set)

    @property
    def told(self) -> str:
        return self.stderr.read_text()

    @property
    def facts(self) -> dict[str, Any]:
        """What stands in `suite.json`; all processes that ever did are remembered."""
        note = self.home.data_dir / "suite.json"
        found: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {"pids": {}}
        self.seen |= set(found["pids"].values())
        return found

    @property
    def keys(self) -> Keyring:
        return Keyring(self.home.data_dir / KEYS)

    @property
    def pids(self) -> dict[str, int]:
        return dict(self.facts["pids"])

    async def runs(self) -> None:
        async def said_so() -> bool:
            assert self.process.poll() is None, self.told
            return "Tribune runs." in self.told

        await until(said_so, "the suite runs")

    async def has_started(self, part: str) -> None:
        async def is_there() -> bool:
            assert self.process.poll() is None, self.told
            return part in self.pids

        await until(is_there, f"{part} was started")

    async def ends(self, sign: signal.Signals) -> int:
        """Its exit code, once it has ended. Who asks once more after a while is heeded."""
        _ = self.facts
        self.process.send_signal(sign)
        with suppress(subprocess.TimeoutExpired):
            return await asyncio.to_thread(self.process.wait, 40)
        self.process.send_signal(sign)
        return await asyncio.to_thread(self.process.wait, 60)

    async def nothing_is_left(self) -> None:
        async def all_have_ended() -> bool:
            return not any(map(lives, self.seen)) and not is_running(self.home.data_dir)

        await until(all_have_ended, f"all of {self.seen} have ended")


def lives(pid: int) -> bool:
    """A process that has ended and that nobody has asked for its exit code does not."""
    try:
        os.kill(pid, 0)
        told = Path(f"/proc/{pid}/stat")
        return not (PROC.exists() and ") Z " in told.read_text())
    except (ProcessLookupError, FileNotFoundError):
        return False


@contextmanager
def hearing() -> Iterator[None]:
    """What is started meanwhile hears all signals; who starts tests aside may ignore some."""
    deaf_to = [each for each in SIGNS if signal.getsignal(each) == signal.SIG_IGN]
    for sign in deaf_to:
        signal.signal(sign, lambda *_: None)
    try:
        yield
    finally:
        for sign in deaf_to:
            signal.signal(sign, signal.SIG_IGN)


@asynccontextmanager
async def up(home: Home, *arguments: str) -> AsyncIterator[Up]:
    """Not waited for; ended at the latest when the test leaves."""
    told = home.data_dir.with_name(f"{home.data_dir.name}.told")
    with hearing():
        process = home.begin("up", "--port", str(free_ports()), *arguments, told=told)
    with process:
        running = Up(home, process, told)
        try:
            yield running
        finally:
            if process.poll() is None:
                await running.ends(signal.SIGTERM)
