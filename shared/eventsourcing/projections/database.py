"""Opens a service's SQL database: SQLite in WAL mode, or PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from shared.eventsourcing.projections.write_ahead import write_ahead

T = TypeVar("T")

_held: ContextVar[dict[Engine, Connection] | None] = ContextVar("held", default=None)

BUSY_MS, STARTS_WITHIN_MS = 2_000, 120_000
"""How long SQLite waits for who writes; at a start for another process that makes all tables."""

PRAGMAS = (
    "synchronous=NORMAL",
    "wal_autocheckpoint=32000",
    "journal_size_limit=33554432",
)
"""Many batches touch the same pages: put into the file four times as seldom, a quarter less is
written in all. What the write-ahead log took beyond 32 MB is given back then."""
MEANWHILE = ("journal_mode=MEMORY", "synchronous=OFF")
"""For a file of which nothing is left after a crash, and that one connection has at a time."""
CACHE_MB = 64


async def run_in(engine: Engine, work: Callable[..., T], *args: Any) -> T:
    """Do database work from the event loop: PostgreSQL's in a thread, SQLite's right here.

    SQLite's driver gives up the interpreter lock for each row and has to wait for it again: a batch
    in a thread was slower than the same batch in the loop, and the loop no more responsive.
    """
    if engine.dialect.name == "sqlite":
        return work(*args)
    return await asyncio.to_thread(work, *args)


async def ask_in(engine: Engine, question: Callable[..., T], *args: Any) -> T:
    """Ask the database from the event loop; `question` gets a connection that only reads."""

    def asked() -> T:
        held = _held.get()
        if held is None:
            with _reading(engine) as connection:
                return question(connection, *args)
        if engine not in held:
            held[engine] = _reading(engine)
        return question(held[engine], *args)

    return await run_in(engine, asked)


@asynccontextmanager
async def one_look() -> AsyncIterator[None]:
    """All that is asked in here, one after the other, is asked in one transaction of each database,
    which is begun once and finds one state. For questions alone: what is read meanwhile is kept."""
    held: dict[Engine, Connection] = {}
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        for engine, connection in held.items():
            await run_in(engine, connection.close)


def _reading(engine: Engine) -> Connection:
    return engine.connect().execution_options(reads_only=True)


def open_database(url: str, cache_mb: int = CACHE_MB, *, meanwhile: bool = False) -> Engine:
    """`sqlite:///path.db` or `postgresql://user:password@host/name`; `cache_mb` is what each
    connection to SQLite may keep in memory. `meanwhile`: it need not outlast a crash."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if parsed.get_backend_name() != "sqlite":
        raise ValueError(f"{parsed.drivername} is not supported; use sqlite or postgresql")
    engine = create_engine(url)
    event.listen(engine, "connect", partial(_prepare_sqlite, cache_mb, meanwhile))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(cache_mb: int, meanwhile: bool, connection: Any, _: Any) -> None:  # noqa: FBT001
    """NORMAL may lose the newest rows in a power cut, their checkpoint too: they are read again."""
    connection.isolation_level = None
    if not meanwhile:
        write_ahead(connection)
    for pragma in MEANWHILE if meanwhile else PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute(f"PRAGMA cache_size=-{cache_mb * 1024}")


def _begin_sqlite(connection: Any) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def beginning(engine: Engine) -> Iterator[Connection]:
    """One transaction of a process that starts, for which nobody waits yet: it waits for others."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute(f"PRAGMA busy_timeout={STARTS_WITHIN_MS}")
        try:
            with connection.begin():
                yield connection
        finally:
            if engine.dialect.name == "sqlite":
                driver.execute(f"PRAGMA busy_timeout={BUSY_MS}")
