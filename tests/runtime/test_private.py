"""The folder of an instance is its own user's alone, and what is not of the instance stays."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.private import keep_private


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_what_older_versions_made_is_mended(tmp_path: Path) -> None:
    folder = tmp_path / "suite"
    inside = folder / "nats" / "jetstream" / "msgs"
    inside.mkdir(parents=True)
    names = ("intake.db", "intake.db-wal", "intake.db-shm", "web.key", "up.log", "suite.json")
    files = [folder / name for name in names] + [inside / "1.blk"]
    for file in files:
        file.write_text("x")
        file.chmod(0o644)
    keep_private(folder)
    assert [mode(file) for file in files] == [0o600] * len(files)
    assert [mode(each) for each in (folder, folder / "nats", inside)] == [0o700] * 3


def test_what_is_made_later_is_private_too(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    assert keep_private(folder) == 0o022
    connection = sqlite3.connect(folder / "intake.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE x (y)")
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 3
    connection.close()
    assert mode(folder) == 0o700


def test_what_is_not_of_the_instance_stays(tmp_path: Path) -> None:
    """Whoever names a home, or /tmp."""
    (tmp_path / "letter.txt").write_text("x")
    (tmp_path / "letter.txt").chmod(0o644)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    (tmp_path / "linked.log").symlink_to(elsewhere)
    tmp_path.chmod(0o1777)
    keep_private(tmp_path)
    assert mode(tmp_path / "letter.txt") == mode(elsewhere) == 0o644
    assert mode(tmp_path) == 0o1777
