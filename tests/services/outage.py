"""A database that really goes away and comes back: PostgreSQL is stopped, SQLite's file moved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, text

from shared.eventsourcing.projections.database import open_database
from shared.testing.servers import PostgresServer

_numbers = count(1)


@dataclass(frozen=True)
class Outage:
    engine: Engine
    begin: Callable[[], None]
    end: Callable[[], None]


@contextmanager
def postgres_outage(server: PostgresServer) -> Iterator[Outage]:
    """The server should be one that nobody else uses; it runs again afterwards."""
    name = f"outage_{next(_numbers)}"
    administration = open_database(server.url()).execution_options(isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    administration.dispose()
    engine = open_database(server.url(name))
    yield Outage(engine, server.stop, server.start)
    engine.dispose()
    if server.process is None:
        server.start()


@contextmanager
def sqlite_outage(folder: Path) -> Iterator[Outage]:
    file, aside = folder / "here" / "test.db", folder / "aside"
    file.parent.mkdir()
    engine = open_database(f"sqlite:///{file}")

    def begin() -> None:
        engine.dispose()
        file.parent.rename(aside)

    def end() -> None:
        aside.rename(file.parent)

    yield Outage(engine, begin, end)
    engine.dispose()
