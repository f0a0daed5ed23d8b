"""However `tribune up` ends, nothing of it is left, and the next one works."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_suite import Home, home, until
from up_process import Up, lives, up

from deploy.embedded import aftermath

EVERYTHING = {"nats", "intake-1", "promotion-1", "publishing-1", "gate-1"}


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite")


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        pytest.param(signal.SIGTERM, 0, marks=pytest.mark.deep),
        pytest.param(signal.SIGINT, 0, marks=pytest.mark.deep),
        pytest.param(signal.SIGHUP, 0, marks=pytest.mark.deep),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
async def test_nothing_is_left_and_the_next_one_works(
    where: Home, sign: signal.Signals, code: int
) -> None:
    async with up(where) as first:
        await first.runs()
        assert first.pids.keys() == EVERYTHING
        assert await first.ends(sign) == code
        async with up(where) as second:
            await second.runs()
            assert not any(map(lives, first.seen))
            assert await second.ends(signal.SIGTERM) == 0
            await second.nothing_is_left()


@pytest.mark.parametrize("part", ["nats", "publishing-1", "gate-1"])
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
async def test_ended_while_it_starts_it_leaves_nothing_either(
    where: Home, sign: signal.Signals, part: str
) -> None:
    async with up(where) as started:
        await started.has_started(part)
        assert await started.ends(sign) in (128 + sign, -sign)
        await started.nothing_is_left()


@pytest.mark.deep
async def test_a_part_that_is_frozen_is_not_left_either(where: Home) -> None:
    async with up(where) as started:
        await started.runs()
        for part in ("nats", "intake-1"):
            os.kill(started.pids[part], signal.SIGSTOP)
        await started.ends(signal.SIGKILL)
        await started.nothing_is_left()


def its_aftermath(of: Up) -> set[int]:
    columns = [option for name in ("pid", "ppid", "args") for option in ("-o", f"{name}=")]
    told = subprocess.check_output(["ps", "-A", "-ww", *columns], text=True).splitlines()  # noqa: S603, S607
    rows = [line.split(None, 2) for line in told if aftermath.__file__ in line]
    return {int(pid) for pid, parent, _ in rows if int(parent) == of.process.pid}


async def test_who_sees_to_the_aftermath_is_started_again(where: Home) -> None:
    async with up(where) as started:
        await started.has_started("nats")
        (first,) = its_aftermath(started)
        os.kill(first, signal.SIGKILL)

        async def there_is_another() -> bool:
            return bool(its_aftermath(started) - {first})

        await until(there_is_another, "another one sees to it")


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_where_the_kernel_does_not_see_to_it_the_end_of_the_pipe_does(
    sleeper: "subprocess.Popen[bytes]",
) -> None:
    other = 2**22 + 1  # no process has such a number
    told = [json.dumps([other]), json.dumps([other, sleeper.pid]), "[12"]
    subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-S", aftermath.__file__],
        input="\n".join(told),
        text=True,
        check=True,
        timeout=60,
    )
    assert sleeper.wait(60) == -signal.SIGKILL


@pytest.mark.deep
async def test_a_second_one_in_the_same_folder_is_told_which_processes_run(where: Home) -> None:
    async with up(where) as first:
        await first.runs()
        second = await asyncio.to_thread(where.tribune, "up")
        assert second.returncode == 1
        assert f"intake-1 is process {first.pids['intake-1']}" in second.stderr


@pytest.mark.deep
async def test_what_it_says_stands_in_a_log_as_well(where: Home) -> None:
    async with up(where) as started:
        await started.runs()
        pid = started.pids["promotion-1"]
        os.kill(pid, signal.SIGKILL)

        async def is_back() -> bool:
            return started.pids.get("promotion-1", pid) != pid

        await until(is_back, "promotion is started again")
        line = json.loads((where.data_dir / "up.log").read_text())
        assert (line["part"], line["exit_code"]) == ("promotion-1", -signal.SIGKILL)
        assert "ended and is started again" in started.told
