"""One suite in a folder: a lock says so for as long as anything writes there."""

import fcntl
import json
import os
from pathlib import Path

from deploy.embedded.suite import NOTE

LOCK = "suite.lock"


def is_running(data_dir: Path) -> bool:
    """Whether a server writes in this folder."""
    try:
        os.close(_lock(data_dir))
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def claim(data_dir: Path) -> int:
    """NATS inherits the lock, which so lasts as long as it writes there, whatever becomes of us."""
    (data_dir / LOCK).touch(mode=0o600)
    try:
        return _lock(data_dir)
    except BlockingIOError:
        note = data_dir / NOTE
        pids = json.loads(note.read_text())["pids"] if note.exists() else {}
        processes = ", ".join(f"{name} is process {pid}" for name, pid in pids.items())
        raise RuntimeError(
            f"a suite runs already in {data_dir}; stop it first, or choose another folder with"
            f" --data-dir. {processes}"
        ) from None


def _lock(data_dir: Path) -> int:
    lock = os.open(data_dir / LOCK, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock
