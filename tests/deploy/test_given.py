"""Files that a command is given, and the folder that it is called in."""

import asyncio
import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from real_suite import free_ports
from typer.testing import CliRunner

from deploy.cli import app
from deploy.feeding.demo import FILE, MAPPING
from shared.runtime.settings import PROJECT


def published(file: Path, mapping: Path) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["publish", str(file), "--mapping", str(mapping)])
    return ended.exit_code, ended.stderr


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no file"),
        ("folder", "is a folder; name a file"),
        (b"\xff\xfe\x00", "can't be read: Not a gzipped file|is no text in UTF-8"),
        (
            gzip.compress(b"a,b\n" * 999, mtime=0)[:-9],
            "is a gzip file that is cut off|is no text in UTF-8",
        ),
        (gzip.compress(b"case_enquiry_id\n7\n", mtime=0), "column 'open_dt'|is no text in UTF-8"),
    ],
)
def test_a_data_file_that_is_none_is_told_with_its_name(
    tmp_path: Path, suffix: str, content: bytes | str | None, words: str
) -> None:
    file = tmp_path / f"rows{suffix}"
    if content == "folder":
        file.mkdir()
    elif isinstance(content, bytes):
        file.write_bytes(content)
    code, told = published(file, MAPPING)
    assert code == 2
    assert str(file) in told
    assert any(expected in told for expected in words.split("|")), told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no file"),
        ("source = boston", "Invalid value"),
        ('source = "boston"', "has no key or column 'time_zone'"),
        ('source = "b"\ntime_zone = "Nowhere"\nevent = []', "No time zone found with key Nowhere"),
        ('source = "b"\ntime_zone = "UTC"\nevent = 5', "can't be understood"),
        ('source = "b"\ntime_zone = "UTC"\n[[event]]\nkind = "x"', "event x: 'data'"),
    ],
)
def test_a_mapping_that_is_none_is_told_with_its_name(
    tmp_path: Path, content: str | None, words: str
) -> None:
    mapping = tmp_path / "mapping.toml"
    if content is not None:
        mapping.write_text(content)
    code, told = published(FILE, mapping)
    assert code == 2
    assert str(mapping) in told
    assert words in told


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
