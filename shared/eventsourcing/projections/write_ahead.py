"""Puts a SQLite file into WAL mode, also when others open the new file at the same moment."""

import sqlite3
import time

WAITS_S = 5.0


def write_ahead(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.OperationalError when the file stays locked for five seconds.

    SQLite asks no busy timeout when two change a new file's mode at once: one of them is told
    "database is locked" within a millisecond (1 in 90 of sixteen that open together, measured).
    """
    gives_up = time.monotonic() + WAITS_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > gives_up:
                raise
            time.sleep(0.002)
        else:
            return
