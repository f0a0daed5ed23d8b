"""A command that SIGTERM ends takes what it kept meanwhile with it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = """
import asyncio, sys, uvloop
from tempfile import TemporaryDirectory
from deploy.cli.options import ended, run_to_end
from deploy.commands.ending import until_ended

async def work():
    with TemporaryDirectory(dir=sys.argv[1]):
        print("there", flush=True)
        while sys.argv[2] == "works":
            pass
        await asyncio.Event().wait()

run_to_end(work()) if sys.argv[3] == "asyncio" else ended(lambda: uvloop.run(until_ended(work())))
"""
WITHIN_S = 60


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("does", ["waits", "works"])
def test_its_folder_goes_away(tmp_path: Path, does: str, loop: str) -> None:
    command = [sys.executable, "-c", COMMAND, str(tmp_path), does, loop]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
