"""The database as the pages read it: from one snapshot, and without asking it while it is away."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.eventsourcing.projections import checkpoints
from shared.web.turns import Turns

T = TypeVar("T")

READERS = 4  # threads of their own: a database that hangs must not take those of the loops
RARE_READERS = 2  # for what anybody can ask in any number of ways: it keeps no usual page waiting
MOST_RARE, MOST_RARE_OF_ONE = 16, 8  # a program that asks a hundred a second has moments
"""For all, and of those for one address."""
SHORT_READERS = 2  # for what anybody can ask as well, but is bounded: it waits for no long file
MOST_SHORT, MOST_SHORT_OF_ONE = 64, 32  # whoever asks 100 a second may be kept a third of one
PATIENCE_S = 10.0
LOOKS_S = 0.5
PROBE_WITHIN_S = 1.0
FAULTS_OF_OURS = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE)


class Source:
    """`away` from the first reading that fails until a probe succeeds; each is told once."""

    def __init__(self, engine: Engine, patience_s: float = PATIENCE_S) -> None:
        self.away = False
        self.times_away = 0
        self._engine = engine
        self._patience_s = patience_s
        self._threads = ThreadPoolExecutor(READERS, "pages")
        self._rare = ThreadPoolExecutor(RARE_READERS, "rare pages")
        self._turns = Turns(MOST_RARE, MOST_RARE_OF_ONE)
        self._short = ThreadPoolExecutor(SHORT_READERS, "short pages")
        self._short_turns = Turns(MOST_SHORT, MOST_SHORT_OF_ONE)
        self._probe: asyncio.Future[None] | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Blocks; whatever is read in it is of one moment."""
        with self._engine.connect().execution_options(**self._options()) as connection:
            yield connection

    async def read(self, work: Callable[[], T], *, rare: bool = False) -> T:
        """Raises TimeoutError when the database takes too long, NoTurnError where too much of what
        is rare waits."""
        if not rare:
            return await self._read(self._threads, work)
        with self._turns.one():
            return await self._read(self._rare, work)

    async def read_shortly(self, work: Callable[[], T]) -> T:
        """Of which each takes some milliseconds, however it is asked for. Raises as `read` does."""
        with self._short_turns.one():
            return await self._read(self._short, work)

    async def _read(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        """Only what the database takes counts, not what others have to be read first; where it is
        away meanwhile, nobody waits for his turn."""
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def begin() -> T:
            loop.call_soon_threadsafe(begun.set)
            return work()

        reading = loop.run_in_executor(threads, begin)
        while not begun.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(min(LOOKS_S, self._patience_s)):
                    await begun.wait()
            if self.away and not begun.is_set() and reading.cancel():
                raise TimeoutError
        async with asyncio.timeout(self._patience_s):
            return await reading

    def lost(self, error: Exception) -> None:
        """Tells the kind of error only: its text may quote the statement."""
        if not self.away:
            self.away = True
            self.times_away += 1
            kind = type(getattr(error, "orig", None) or error).__name__
            log = structlog.get_logger()
            log.warning("pages cannot read the database; they show the last figures", error=kind)

    async def try_again(self) -> None:
        """One probe at a time: one that hangs is waited for by the next who tries."""
        if self._probe is None:
            self._probe = asyncio.ensure_future(self.read(self._look))
        await asyncio.wait([self._probe], timeout=PROBE_WITHIN_S)
        if not self._probe.done():
            return
        error, self._probe = self._probe.exception(), None
        if error is None or not means_away(error):
            self.away = False
            structlog.get_logger().info("pages read the database again")

    def _look(self) -> None:
        with self.snapshot() as connection:
            checkpoints.read_all(connection)

    def _options(self) -> dict[str, Any]:
        if self._engine.dialect.name == "sqlite":
            return {"reads_only": True}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def means_away(error: BaseException) -> bool:
    """SQLite calls a wrong statement an operational error as well; that is a fault of ours."""
    if isinstance(error, TimeoutError | PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in FAULTS_OF_OURS:
        return False
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
