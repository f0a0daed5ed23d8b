"""A command that somebody ends takes what it kept meanwhile with it, and the server that it
started."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from up_process import SIGNS, hearing, lives

COMMAND = """
import asyncio, sys, time, uvloop
from tempfile import TemporaryDirectory
from deploy.cli.options import ended, run_to_end
from deploy.commands.ending import until_ended
from deploy.verify.scratch import scratch

async def forgets():
    try:
        there()
        time.sleep(0.1)
    except asyncio.CancelledError:
        pass

FOR_EVER = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n"

def there():
    print("there", flush=True)

async def work():
    asks = sys.argv[2] == "asks"
    with TemporaryDirectory(dir=sys.argv[1]), scratch(there if asks else lambda: None) as notes:
        if asks:
            list(notes.ask(FOR_EVER))
        await forgets()
        while sys.argv[2] == "works":
            pass
        await asyncio.Event().wait()

run_to_end(work()) if sys.argv[3] == "asyncio" else ended(lambda: uvloop.run(until_ended(work())))
"""
LOOKS_INTO_A_SUITE = """
import asyncio, sys
from pathlib import Path
from deploy.cli.options import run_to_end
from deploy.connecting import connected

async def work():
    async with connected(Path(sys.argv[1])):
        print("there", flush=True)
        await asyncio.Event().wait()

run_to_end(work())
"""
WITHIN_S = 60


@contextmanager
def begun(program: str, *arguments: str) -> "Iterator[subprocess.Popen[bytes]]":
    """It is at its work; what does not end by itself does not outlive the test."""
    command = [sys.executable, "-c", program, *arguments]
    with hearing():
        process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("does", "loop", "sign"),
    [
        *[("waits", "asyncio", sign) for sign in SIGNS],
        ("works", "asyncio", signal.SIGINT),
        ("asks", "asyncio", signal.SIGTERM),
        ("waits", "uvloop", signal.SIGTERM),
        ("works", "uvloop", signal.SIGTERM),
        ("forgets", "asyncio", signal.SIGINT),
    ],
)
def test_its_folder_goes_away(tmp_path: Path, does: str, loop: str, sign: signal.Signals) -> None:
    with begun(COMMAND, str(tmp_path), does, loop) as process:
        process.send_signal(sign)
        assert process.wait(WITHIN_S) == 128 + sign
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sign", [*SIGNS, signal.SIGKILL])
def test_the_server_of_a_suite_at_rest_ends_with_who_looked_into_it(
    tmp_path: Path, sign: signal.Signals
) -> None:
    (tmp_path / "nats").mkdir()
    with begun(LOOKS_INTO_A_SUITE, str(tmp_path)) as process:
        server = json.loads((tmp_path / "suite.json").read_text())["pids"]["nats"]
        assert lives(server)
        process.send_signal(sign)
        assert process.wait(WITHIN_S) == (-sign if sign == signal.SIGKILL else 128 + sign)
    give_up = time.monotonic() + WITHIN_S
    while lives(server):
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_who_was_made_deaf_to_the_end_of_its_terminal_goes_on(tmp_path: Path) -> None:
    """As `nohup` does it."""
    deaf = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{COMMAND}"
    with begun(deaf, str(tmp_path), "waits", "asyncio") as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 128 + signal.SIGTERM
