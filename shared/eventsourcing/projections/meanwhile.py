"""Room for what is needed only meanwhile; where there is none, that is said, and nothing else."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, ExceptionContext, event

from shared.eventsourcing.projections.database import CACHE_MB, open_database
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import ReadModel

CANT_BE_WRITTEN = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}


class NoRoomError(Exception):
    """Says where, and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"what is needed only meanwhile can't be kept ({why}): make room there, or name another"
            " folder, as in TMPDIR=/var/tmp"
        )


@contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """It goes away with all that is in it. Raises NoRoomError, also for what SQLite fails to write
    there for somebody who asks it without SQLAlchemy."""
    try:
        made = TemporaryDirectory(prefix=prefix)
    except OSError as error:
        raise NoRoomError(str(error)) from error
    with made as folder:
        try:
            yield Path(folder)
        except sqlite3.Error as error:
            if not _is_for_want_of_room(error):
                raise
            raise NoRoomError(f"{folder}: {error}") from error


@contextmanager
def fresh_database(
    prefix: str, models: Sequence[ReadModel] = (), cache_mb: int = CACHE_MB
) -> Iterator[Engine]:
    """With the tables of read models that are made anew and then read whole: an index of them is of
    no use. Raises NoRoomError, and leaves the errors of other databases as they are."""
    with own_folder(prefix) as folder:
        engine = open_database(f"sqlite:///{folder / 'fresh.db'}", cache_mb, meanwhile=True)

        def tell(context: ExceptionContext) -> None:
            error = context.original_exception
            if _is_for_want_of_room(error):
                raise NoRoomError(f"{folder}: {error}") from error

        event.listen(engine, "handle_error", tell)
        try:
            prepare(engine, models)
            for index in [each for one in models for table in one.tables for each in table.indexes]:
                index.drop(engine)
            yield engine
        finally:
            engine.dispose()


def _is_for_want_of_room(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in CANT_BE_WRITTEN
