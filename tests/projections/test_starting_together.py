"""Two processes that start on one SQLite file: who is second waits, however slow the first is."""

import sqlite3
from pathlib import Path
from threading import Event, Thread

import pytest

from services.intake.projections import checks
from shared.eventsourcing.projections import database
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.serving import version

BUSY_MS = 10


def test_who_starts_second_waits_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty times as long as anybody waits for a batch."""
    monkeypatch.setattr(database, "BUSY_MS", BUSY_MS)
    engine = open_database(f"sqlite:///{tmp_path}/rows.db")
    first = sqlite3.connect(tmp_path / "rows.db", isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    ready = Event()

    def ends() -> None:
        ready.wait()
        Event().wait(20 * BUSY_MS / 1_000)
        first.execute("COMMIT")

    thread = Thread(target=ends)
    thread.start()
    ready.set()
    prepare(engine, [checks.read_model])
    thread.join()
    with engine.connect() as connection:
        assert version(connection, checks.read_model) is checks.read_model
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_MS
    engine.dispose()
