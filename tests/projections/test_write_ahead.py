"""WAL mode, set by several at once: they are all heard, and what is no lock is told at once."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from shared.eventsourcing.projections.write_ahead import write_ahead


class Stubborn:
    """A connection that is told "locked" a number of times before it is heard."""

    def __init__(self, connection: sqlite3.Connection, times: int) -> None:
        self.connection, self.times = connection, times

    def execute(self, sql: str) -> sqlite3.Cursor:
        if self.times:
            self.times -= 1
            locked = sqlite3.OperationalError("database is locked")
            locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise locked
        return self.connection.execute(sql)


def _mode(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    finally:
        connection.close()


def test_many_open_a_new_file_at_once(tmp_path: Path) -> None:
    refused: list[Exception] = []
    for turn in range(40):
        _together(16, lambda path=tmp_path / f"{turn}.db": _opened(path, refused))
        assert _mode(tmp_path / f"{turn}.db") == "wal"
    assert refused == []


def test_asks_again_when_it_is_told_locked(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "one.db")
    write_ahead(cast(sqlite3.Connection, Stubborn(connection, times=3)))
    connection.close()
    assert _mode(tmp_path / "one.db") == "wal"


def test_what_is_no_lock_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    path.write_bytes(b"this is no database, but long enough to be looked at" * 20)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        write_ahead(connection)
    connection.close()


def _opened(path: Path, refused: list[Exception]) -> None:
    connection = sqlite3.connect(path)
    try:
        write_ahead(connection)
        connection.execute("CREATE TABLE IF NOT EXISTS one (value)")
    except sqlite3.Error as error:
        refused.append(error)
    finally:
        connection.close()


def _together(hands: int, work: Callable[[], None]) -> None:
    ready = threading.Barrier(hands)

    def begun() -> None:
        ready.wait()
        work()

    threads = [threading.Thread(target=begun) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
