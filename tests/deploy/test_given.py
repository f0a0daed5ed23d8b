"""Files that a command is given, and the folder that it is called in."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from real_suite import free_ports

from shared.runtime.settings import PROJECT


@pytest.mark.parametrize(
    "command", [["setup"], ["status"], ["up"], ["demo"], ["bench", "sweep"], ["service", "intake"]]
)
def test_a_charter_that_is_not_there_is_told_and_nothing_else(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "var/suite/nats").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIBUNE_NATS_URL", raising=False)
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(tmp_path / "elsewhere"))
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "deploy.cli", *command],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2, ended.stderr
    assert f"there is no folder {tmp_path / 'elsewhere'}" in ended.stderr
    assert "NATS" not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.deep
async def test_the_suite_runs_from_any_folder_also_from_one_with_a_deploy_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "__init__.py").write_text("raise RuntimeError('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIBUNE_CHARTER_DIR", raising=False)
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-P", "-m", "deploy.cli", "up", "--port", str(free_ports())],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(90):
            lines = [""]
            while not lines[-1].startswith("Tribune runs.") and not process.stderr.at_eof():
                lines.append((await process.stderr.readline()).decode())
    finally:
        process.send_signal(signal.SIGINT)
        said = (await process.communicate())[1].decode()
    assert lines[-1].startswith("Tribune runs."), "".join(lines) + said
    assert (tmp_path / "var/suite/suite.lock").exists()
