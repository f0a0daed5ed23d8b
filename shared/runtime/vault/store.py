"""The file with the wrapped data keys: SQLite, in which what is destroyed is overwritten."""

import json
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from shared.eventsourcing.projections.write_ahead import write_ahead
from shared.runtime.vault.errors import VaultAwayError

WAITS_MS = 10_000
TRUNCATED_WITHIN_S, AGAIN_S = 10.0, 0.02
TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (whose TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS erased (whose TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (holder TEXT NOT NULL, report TEXT NOT NULL, person TEXT NOT NULL,
    sealed BLOB NOT NULL, PRIMARY KEY (holder, report)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS held_report ON held (report);
CREATE INDEX IF NOT EXISTS held_person ON held (person);
"""
ID, MASTER, COPIED_AT, BACKED_UP_AT = "id", "master", "copied-at", "backed-up-at"


class KeyStore:
    """Several processes may use one file, and several threads one store. `id` tells this store from
    any other, for ever; `master` is the fingerprint of the key that wraps what is in it.

    All that goes wrong with the file raises VaultAwayError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._heard():
            if not path.exists():
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
            self._reads, self._writes = self._connect(), self._connect()
            self._writes.executescript(TABLES)
        self.id = self.say_once(ID, secrets.token_hex(16))

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {WAITS_MS}")
        write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def close(self) -> None:
        self._reads.close()
        self._writes.close()

    @contextmanager
    def _heard(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            kind = type(error).__name__
            raise VaultAwayError(f"{self.path} can't be used ({kind}: {error})") from None

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing is on disk afterwards; no other process changes it meanwhile."""
        with self._heard(), self._lock:
            self._writes.execute("BEGIN IMMEDIATE")
            try:
                yield self._writes
            except BaseException:
                self._writes.execute("ROLLBACK")
                raise
            self._writes.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._heard():
            yield self._reads

    def said(self, name: str) -> str:
        """What the store says of itself; nothing if it does not say."""
        with self._heard():
            found = self._reads.execute("SELECT value FROM about WHERE name = ?", (name,))
            row = found.fetchone()
        return str(row[0]) if row else ""

    def say(self, name: str, value: str) -> None:
        with self.changing() as change:
            change.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def say_once(self, name: str, value: str) -> str:
        """What counts: the first who says it. It stands in the file itself, should that be moved
        without its log."""
        if not (known := self.said(name)):
            with self.changing() as change:
                change.execute("INSERT OR IGNORE INTO about VALUES (?, ?)", (name, value))
            self.truncate()
        return known or self.said(name)

    @property
    def count(self) -> int:
        with self._heard():
            return int(self._reads.execute("SELECT COUNT(*) FROM keys").fetchone()[0])

    def all(self) -> list[tuple[str, bytes]]:
        """Whose they are, and the wrapped keys."""
        with self._heard():
            return self._reads.execute("SELECT whose, wrapped FROM keys").fetchall()

    def wrapped(self, whose: str) -> bytes | None:
        with self._heard():
            found = self._reads.execute("SELECT wrapped FROM keys WHERE whose = ?", (whose,))
            row = found.fetchone()
        return row[0] if row else None

    def found(self, whose: Iterable[str]) -> tuple[dict[str, bytes], set[str]]:
        with self._heard():
            return found(self._reads, whose)

    def destroy(self, whose: Collection[str], may_return: Collection[str] = ()) -> int:
        """How many keys there were; none is ever made anew but for who `may_return`. Nothing of
        them is left in the file or its log when this is over."""
        with self.changing() as change:
            rows = [(each,) for each in whose]
            gone = change.executemany("DELETE FROM keys WHERE whose = ?", rows).rowcount
            change.executemany("INSERT OR IGNORE INTO erased VALUES (?)", rows)
            rows = [(each,) for each in may_return]
            gone += change.executemany("DELETE FROM keys WHERE whose = ?", rows).rowcount
        self.truncate()
        return gone

    def truncate(self) -> None:
        """Others may be reading what is in the log of the file for a moment."""
        give_up = time.monotonic() + TRUNCATED_WITHIN_S
        with self._heard(), self._lock:
            while self._writes.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > give_up:
                    raise VaultAwayError(f"{self.path} is read all the time; try again")
                time.sleep(AGAIN_S)


def found(change: sqlite3.Connection, whose: Iterable[str]) -> tuple[dict[str, bytes], set[str]]:
    """Of some, the wrapped keys that there are, and which were destroyed."""
    asked = (json.dumps(list(whose)),)
    keys = change.execute(
        "SELECT whose, wrapped FROM keys WHERE whose IN (SELECT value FROM json_each(?))", asked
    )
    gone = change.execute(
        "SELECT whose FROM erased WHERE whose IN (SELECT value FROM json_each(?))", asked
    )
    return dict(keys.fetchall()), {row[0] for row in gone}


def added(change: sqlite3.Connection, wrapped: Mapping[str, bytes]) -> None:
    change.executemany("INSERT INTO keys VALUES (?, ?)", list(wrapped.items()))
