"""One suite in a folder: locks say so for as long as anything of it writes there."""

import asyncio
import fcntl
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from deploy.embedded.suite import NOTE

OURS, EVERYBODYS = "up.lock", "suite.lock"
ENDS_WITHIN_S, LOOKED_AT_EVERY_S = 40.0, 0.1


def is_running(data_dir: Path) -> bool:
    """Whether anything of a suite runs in this folder."""
    try:
        os.close(_lock(data_dir / EVERYBODYS))
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@asynccontextmanager
async def claimed(data_dir: Path) -> AsyncIterator[int]:
    """The lock that every process of the suite inherits: it lasts as long as one of them lives,
    whatever becomes of us. A second lock is ours alone: so what a suite that is gone has left is
    told from one that runs.

    Raises RuntimeError with what to do.
    """
    (data_dir / OURS).touch(mode=0o600)
    (data_dir / EVERYBODYS).touch(mode=0o600)
    try:
        ours = _lock(data_dir / OURS)
    except BlockingIOError:
        raise RuntimeError(
            f"a suite runs already in {data_dir}; stop it first, or choose another folder with"
            f" --data-dir. {_processes(data_dir)}"
        ) from None
    try:
        lock = await _once_all_have_ended(data_dir)
        try:
            yield lock
        finally:
            os.close(lock)
    finally:
        os.close(ours)


async def _once_all_have_ended(data_dir: Path) -> int:
    give_up = asyncio.get_running_loop().time() + ENDS_WITHIN_S
    told = False
    while True:
        try:
            return _lock(data_dir / EVERYBODYS)
        except BlockingIOError:
            if asyncio.get_running_loop().time() > give_up:
                raise RuntimeError(
                    f"what an earlier suite has left running in {data_dir} does not end; end it"
                    f" and start again. {_processes(data_dir)}"
                ) from None
        if not told:
            structlog.get_logger().info("waits for what an earlier suite has left to end")
            told = True
        await asyncio.sleep(LOOKED_AT_EVERY_S)


def _processes(data_dir: Path) -> str:
    try:
        pids = json.loads((data_dir / NOTE).read_text())["pids"]
    except (OSError, ValueError, KeyError):
        return ""
    return ", ".join(f"{name} is process {pid}" for name, pid in pids.items())


def _lock(path: Path) -> int:
    lock = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock
