"""Keeps what was read in a file, for the questions that take two streams together."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from shared.eventsourcing.projections.meanwhile import own_folder

PREFIX = "tribune-verify-"
AT_ONCE = 5_000
STEPS_BETWEEN = 1_000_000
"""Of SQLite's machine; some hundredths of a second."""
CACHE_KB = 32 * 1024
"""Also of what is sorted at a time; SQLite by itself has 2 MB."""

TABLES = """
CREATE TABLE event (stream, sequence, id, aggregate, cause_stream, cause_sequence, cause_id,
    PRIMARY KEY (stream, sequence)) WITHOUT ROWID;
CREATE TABLE expected (flow, target, id, stream, sequence, is_due);
CREATE TABLE receipt (source, inbox_sequence, at, ce_id, is_accepted, id, stream,
    sequence, is_duplicate);
CREATE TABLE lost (source, first, last);
CREATE TABLE dead (service, stream, sequence,
    PRIMARY KEY (service, stream, sequence)) WITHOUT ROWID;
CREATE TABLE state (service, category, id, revision, is_sound, dumped,
    PRIMARY KEY (service, category, id)) WITHOUT ROWID;
"""
INDEXES = {
    "event": "event_by_id ON event (stream, id)",
    "expected": "expected_by_id ON expected (target, id, flow, stream, sequence, is_due)",
    "receipt": "receipt_by_message ON receipt (source, inbox_sequence)",
}
HANDED_OVER = ("event", "expected", "state", "receipt", "lost")


class EventRow(NamedTuple):
    stream: str
    sequence: int
    id: str
    aggregate: str
    cause_stream: str
    cause_sequence: int
    cause_id: str


class ExpectedRow(NamedTuple):
    """An event that has to be in `target`, if `is_due`, because of one in `stream`."""

    flow: str
    target: str
    id: str
    stream: str
    sequence: int
    is_due: bool


class ReceiptRow(NamedTuple):
    """`at` is its sequence in RECEIPTS; the last four are those of an accepted message."""

    source: str
    inbox_sequence: int
    at: int
    ce_id: str
    is_accepted: bool
    id: str = ""
    stream: str = ""
    sequence: int = 0
    is_duplicate: bool = False


class LostRow(NamedTuple):
    """Messages of an inbox that nobody read before they expired, or that somebody gave up."""

    source: str
    first: int
    last: int


class DeadRow(NamedTuple):
    """A message that lies in DEAD."""

    service: str
    stream: str
    sequence: int


Row = EventRow | ExpectedRow | ReceiptRow | LostRow | DeadRow


class Scratch:
    """Rows are added in bulk; questions come after. Each is there once, whatever its size."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: defaultdict[type[Row], list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """Into the table that bears the name of its type."""
        waiting = self._waiting[type(row)]
        waiting.append(row)
        if len(waiting) >= AT_ONCE:
            self._flush()

    def forget_receipts(self, source: str, beyond: int, through: int) -> None:
        """They were withdrawn; what was lost beyond `through` is taken in again."""
        self._flush()
        for gone, *values in (
            ("DELETE FROM receipt WHERE source = ? AND inbox_sequence > ?", source, beyond),
            ("DELETE FROM lost WHERE source = ? AND first > ?", source, through),
            ("UPDATE lost SET last = MIN(last, ?) WHERE source = ?", through, source),
        ):
            self._connection.execute(gone, values)

    def state(self, key: tuple[str, str, str]) -> tuple[int, int, bytes] | None:
        """Of what was kept last of an aggregate: its revision, whether it is sound, its state."""
        asked = (
            "SELECT revision, is_sound, dumped FROM state WHERE service = ? AND category = ?"
            " AND id = ?"
        )
        found: tuple[int, int, bytes] | None = self._connection.execute(asked, key).fetchone()
        return found

    def keep_states(self, rows: Iterable[tuple[str, str, str, int, bool, bytes]]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?, ?)", rows)

    def is_dead(self, service: str, stream: str, sequence: int) -> bool:
        asked = "SELECT 1 FROM dead WHERE service = ? AND stream = ? AND sequence = ?"
        return any(self.ask(asked, service, stream, sequence))

    def ask(self, question: str, *values: Any) -> Iterator[Any]:
        """The rows, a tuple each, read as one goes through them."""
        self._flush()
        return self._connection.execute(question, values)

    def ready(self, *tables: str) -> None:
        """Before the first question that joins these, or all if none is named."""
        self._flush()
        for table in tables or INDEXES:
            self._connection.execute(f"CREATE INDEX IF NOT EXISTS {INDEXES[table]}")

    def hand_over(self) -> None:
        """For `take_in` of another process: what was noted so far stands in the file."""
        self._flush()
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def take_in(self, notes: Path) -> None:
        """What another process noted of other streams, and handed over."""
        self._flush()
        self._connection.execute("ATTACH ? AS other", (str(notes),))
        for table in HANDED_OVER:
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")  # noqa: S608  # nosec B608

    def _flush(self) -> None:
        for kind, rows in self._waiting.items():
            if rows:
                table = kind.__name__.removesuffix("Row").lower()
                places = ",".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608  # nosec B608
                rows.clear()


@contextmanager
def scratch(goes_on: Callable[[], None] = lambda: None) -> Iterator[Scratch]:
    """In a folder of its own, which goes away with it; `goes_on` is called now and then while a
    question takes its time. Raises NoRoomError."""
    with folder_of_its_own() as folder, kept_in(folder / "scratch.db", goes_on) as kept:
        yield kept


def folder_of_its_own() -> AbstractContextManager[Path]:
    """Raises NoRoomError."""
    return own_folder(PREFIX)


@contextmanager
def kept_in(file: Path, goes_on: Callable[[], None] = lambda: None) -> Iterator[Scratch]:
    """Whose folder that is sees to it that it goes away."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    connection.executescript(TABLES)
    connection.set_progress_handler(goes_on, STEPS_BETWEEN)
    connection.execute("BEGIN")  # what is not handed over is read by nobody else
    try:
        yield Scratch(connection)
    finally:
        connection.close()
