"""Fixtures of all tests: a real NATS server and a real database, SQLite or PostgreSQL.

TRIBUNE_TEST_PROFILE=deep draws fresh and many examples, without it they are the same every time;
`mutants` does not make them smaller before it tells.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import Phase, settings
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from sqlalchemy import Engine, text
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import (
    InboxLimits,
    declare,
    differences,
    suite_streams,
)
from shared.eventsourcing.projections.database import open_database
from shared.testing.servers import NatsServer, PostgresServer, nats_server, postgres_server

REMAINS = "REMAINS"
HALF_YEAR = "tests/end_to_end/"
ON_POSTGRES = os.environ.get("TRIBUNE_TEST_DATABASE", "sqlite") == "postgres"
DATABASES = {"database_url", "postgres", "own_postgres", "strict_postgres", "outage"}
IN_MEMORY = Path("/dev/shm")  # noqa: S108
PLENTY = 10 * 1024**3
INBOXES = {"boston": InboxLimits(max_bytes=256 * 1024**2)}

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile(
    "deep", deadline=None, derandomize=False, max_examples=2_000, print_blob=True
)
settings.register_profile(
    "mutants", deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("TRIBUNE_TEST_PROFILE", "same"))


def pytest_configure() -> None:
    """Folders of tests lie in memory where there is plenty, for most of their time is the disk's.

    The servers sync as ever; what dies in these tests are processes, and these lose nothing there.
    TMPDIR says otherwise.
    """
    if "TMPDIR" not in os.environ and _has_room(IN_MEMORY):
        os.environ["TMPDIR"] = str(IN_MEMORY)
        tempfile.tempdir = None


def _has_room(folder: Path) -> bool:
    if not folder.is_dir() or shutil.disk_usage(folder).free < PLENTY:
        return False
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") > PLENTY


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left alone with it.

    On PostgreSQL only those are run that ask for a database themselves, and the suites marked so.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(HALF_YEAR))
    if ON_POSTGRES:
        blind = [item for item in items if not _sees_postgres(item)]
        config.hook.pytest_deselected(items=blind)
        items[:] = [item for item in items if _sees_postgres(item)]


def _sees_postgres(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    return bool(asked & DATABASES) or item.get_closest_marker("postgres") is not None


class Shares(LoadScopeScheduling):
    """Of several workers one takes a whole file, and one all that shares the half year."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return HALF_YEAR if file.startswith(HALF_YEAR) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shares:
    return Shares(config, log)


@pytest.fixture(scope="session")
def server() -> Iterator[NatsServer]:
    with nats_server() as running:
        yield running


@pytest.fixture
def log_server() -> Iterator[NatsServer]:
    """One of the test's own, which it may kill or damage."""
    with nats_server() as running:
        yield running


@pytest.fixture
async def bare_nats(server: NatsServer) -> AsyncIterator[Client]:
    """A connection to a server without any stream but one that no test knows.

    Without that one the server removes the folder of the streams after the last of them, and may do
    so while it makes the next.
    """
    client = await connect(server.url, "test")
    await _emptied(client.jetstream())
    yield client
    await client.close()


@pytest.fixture
async def nats(server: NatsServer) -> AsyncIterator[Client]:
    """A connection to a server with all streams of the suite, empty."""
    client = await connect(server.url, "test")
    streams = suite_streams(INBOXES)
    await _emptied(client.jetstream(), {str(each.name): each for each in streams})
    await declare(client.jetstream(), streams)
    yield client
    await client.close()


async def _emptied(
    jetstream: JetStreamContext, wanted: Mapping[str, StreamConfig] = MappingProxyType({})
) -> None:
    """Without any stream but those that are wanted and just as they are made: most tests write to a
    few, and each that is made anew takes some milliseconds."""
    await jetstream.add_stream(StreamConfig(name=REMAINS, subjects=["remains.>"]))
    for info in await jetstream.streams_info():
        name = str(info.config.name)
        config = wanted.get(name)
        untouched = not info.state.last_seq and not info.state.consumer_count
        if name == REMAINS or (config and untouched and not differences(config, info.config)):
            continue
        await jetstream.delete_stream(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


_numbers = count(1)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of its own: SQLite, or PostgreSQL if TRIBUNE_TEST_DATABASE=postgres."""
    if not ON_POSTGRES:
        return f"sqlite:///{tmp_path / 'test.db'}"
    running: PostgresServer = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    administration = open_database(running.url()).execution_options(isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    administration.dispose()
    return running.url(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()
