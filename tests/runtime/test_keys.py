"""A key that can be guessed is refused or told of, and one that is made is made once and whole."""

import os
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr
from service_process import service_process
from small_disk import small_disk
from structlog.testing import capture_logs

from services.publishing.settings import release_key
from shared.runtime.keys import LEAST, WeakKeyError, kept_key, long_key
from shared.runtime.ports import free_port
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer

NONE = SecretStr("")
LONG = "k" * LEAST


def test_one_is_made_once_for_us_alone(tmp_path: Path) -> None:
    path = tmp_path / "web.key"
    made = long_key(NONE, path, "TRIBUNE_WEB_KEY")
    assert len(made) == 64
    assert long_key(NONE, path, "TRIBUNE_WEB_KEY") == made
    assert long_key(SecretStr(LONG), path, "TRIBUNE_WEB_KEY") == LONG.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_lies_beside_it_is_never_written_over(tmp_path: Path) -> None:
    """In containers two processes have the same number, and one would empty the other's file."""
    theirs = tmp_path / f".web.key.{os.getpid()}"
    theirs.write_bytes(b"theirs")
    kept_key(NONE, tmp_path / "web.key")
    assert theirs.read_bytes() == b"theirs"


def test_a_full_disk_is_told_by_the_file_and_nothing_is_left_of_a_try(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1m") as disk:
        disk.fill()
        there = list(disk.folder.iterdir())
        for _ in range(2):
            with pytest.raises(OSError, match=r"No space left on device: '.*web\.key'"):
                kept_key(NONE, disk.folder / "web.key")
        assert list(disk.folder.iterdir()) == there
        disk.make_room()
        assert len(kept_key(NONE, disk.folder / "web.key")) == 64


@pytest.mark.parametrize("given", ["x", LONG[1:], f" {LONG[1:]} "])
def test_a_short_one_is_refused_and_never_repeated(tmp_path: Path, given: str) -> None:
    with pytest.raises(WeakKeyError, match="TRIBUNE_WEB_KEY is shorter than 32") as refused:
        long_key(SecretStr(given), tmp_path / "web.key", "TRIBUNE_WEB_KEY")
    assert LONG[1:] not in str(refused.value)
    assert "openssl rand -hex 32" in str(refused.value)


@pytest.mark.parametrize(
    ("held", "words"), [(b"", "is empty: put the file back"), (b"short\n", "delete the file")]
)
def test_a_file_with_a_short_one_is_refused(tmp_path: Path, held: bytes, words: str) -> None:
    (tmp_path / "web.key").write_bytes(held)
    with pytest.raises(WeakKeyError, match=words):
        long_key(NONE, tmp_path / "web.key", "TRIBUNE_WEB_KEY")


def test_a_short_release_key_is_told_of_and_stays(tmp_path: Path) -> None:
    for given, length in (("old", 3), (LONG, LEAST), ("", 64)):
        settings = Settings(_env_file=None, data_dir=tmp_path, release_key=SecretStr(given))
        with capture_logs() as said:
            assert len(release_key(settings)) == length
        assert bool(said) == (length < LEAST)


def test_an_empty_file_is_no_release_key(tmp_path: Path) -> None:
    (tmp_path / "release.key").touch()
    with pytest.raises(WeakKeyError, match="put the file back from a copy"):
        release_key(Settings(_env_file=None, data_dir=tmp_path))


async def test_a_service_ends_with_a_sentence(tmp_path: Path) -> None:
    nobody = NatsServer(tmp_path, free_port())
    async with service_process("intake", nobody, tmp_path, TRIBUNE_WEB_KEY="guess me") as one:
        assert await one.ended() == 2
    assert one.said.startswith("TRIBUNE_WEB_KEY is shorter than 32 characters")
    assert "Traceback" not in one.said
