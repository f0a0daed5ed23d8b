"""Words beside the log of which, once they are erased, nothing is left on the disk."""

import time
from contextlib import closing

from sqlalchemy import ColumnElement

from shared.runtime.words_beside import W, WordsBeside

EMPTIED_WITHIN_S, AGAIN_S = 5.0, 0.02


class GoneForGood(WordsBeside[W]):
    def _delete(self, which: ColumnElement[bool]) -> int:
        gone = super()._delete(which)
        self._leave_nothing(gone)
        return gone

    def _leave_nothing(self, gone: int) -> None:
        if gone and self._engine.dialect.name == "sqlite":
            self._empty_the_log()

    def _empty_the_log(self) -> None:
        """SQLite's write-ahead log has the words still, and who reads keeps it for a moment."""
        give_up = time.monotonic() + EMPTIED_WITHIN_S
        while True:
            with closing(self._engine.raw_connection()) as connection:
                asked = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                is_busy = asked is not None and asked.fetchone()[0]
            if not is_busy or time.monotonic() > give_up:
                return
            time.sleep(AGAIN_S)
