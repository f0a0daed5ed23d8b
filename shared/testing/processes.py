"""Starts and ends the processes of servers that tests bring along."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

STARTS_WITHIN_S = 30.0
STOPS_WITHIN_S = 15.0
PROBE_EVERY_S = 0.02


def wait_for(name: str, process: subprocess.Popen[bytes], answers: Callable[[], bool]) -> None:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while not answers():
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with {process.returncode} instead of starting")
        if time.monotonic() > give_up:
            process.kill()
            process.wait()
            raise RuntimeError(f"{name} did not start within {STARTS_WITHIN_S} s")
        time.sleep(PROBE_EVERY_S)


def end(process: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(sign)
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def program(name: str) -> str:
    """Beside the interpreter first: there the packages of the virtual environment put it."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise RuntimeError(f"there is no {name}; `make setup` installs it")
    return found
