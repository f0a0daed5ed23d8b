"""The real suite as tests use it: on free ports, a database for each service, and `tribune`."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from deploy.asking import ask, outlasting, request
from deploy.connecting import connected
from deploy.embedded import Suite, running
from deploy.locks.keyring import Keyring
from deploy.programs import PROGRAMS, SERVICES
from deploy.suite import database, read_models
from deploy.verify import Verdict, verify
from shared.eventsourcing.jetstream.connection import Client, connect
from shared.eventsourcing.projections.database import open_database
from shared.runtime.clock_stream import set_clock
from shared.runtime.ports import free_port
from shared.runtime.settings import Settings
from shared.testing.servers import PostgresServer

KEYS = {"TRIBUNE_RELEASE_KEY": "one for all", "TRIBUNE_DIGEST_KEY": "one for all" * 3}
"""For suites whose events are compared: under the same keys they have the same ids."""

CHARTER = Path("deploy/charter").resolve()
ON_POSTGRES = os.environ.get("TRIBUNE_TEST_DATABASE", "sqlite") == "postgres"
LOOK_AGAIN_S = 0.02

_numbers = count(1)


def free_ports() -> int:
    """The first of three neighbours: the page's, intake's and promotion's."""
    return free_port(neighbours=2)


@dataclass
class Home:
    """Where one suite lives: its folder, and the variables that its services are given."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        url = self.environment.get("TRIBUNE_DATABASE_URL", "")
        key = self.environment.get("TRIBUNE_RELEASE_KEY", "")
        return Settings(
            data_dir=self.data_dir, database_url=SecretStr(url), release_key=SecretStr(key)
        )

    def suite(self, **given: Any) -> Suite:
        return Suite(
            self.data_dir, CHARTER, free_ports(), "stream", environment=self.environment, **given
        )

    def begin(self, *arguments: str, told: Path) -> subprocess.Popen[str]:
        """The command line on this folder; what it tells besides its output goes to a file."""
        with told.open("w") as file:
            return subprocess.Popen(  # noqa: S603
                self._command(arguments),
                env=os.environ | self.environment,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    def tribune(self, *arguments: str, within_s: float = 900) -> subprocess.CompletedProcess[str]:
        """The same from beginning to end."""
        return subprocess.run(  # noqa: S603
            self._command(arguments),
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )

    def _command(self, arguments: Sequence[str]) -> list[str]:
        where = ["--data-dir", str(self.data_dir)]
        return [sys.executable, "-m", "deploy.cli", *arguments, *where]

    def rows(self, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all read models by name, sorted; `without` columns that may differ."""
        found = {}
        for service in SERVICES:
            engine = database(self.settings, service)
            with engine.connect() as connection:
                for model in read_models(service):
                    columns = [c for c in model.table.c if c.name not in without]
                    rows = connection.execute(select(*columns).order_by(model.key_column))
                    found[model.name] = sorted(map(tuple, rows), key=repr)
            engine.dispose()
        return found

    @asynccontextmanager
    async def log(self) -> AsyncIterator[Client]:
        """The log of a suite at rest, or of one that runs, for somebody who may do everything."""
        async with connected(self.data_dir) as suite:
            url = suite.settings.nats_url.get_secret_value()
            client = await connect(url, "test", Keyring(self.data_dir / "keys").root())
            try:
                yield client
            finally:
                await client.close()


def home(request: pytest.FixtureRequest, data_dir: Path, **environment: str) -> Home:
    """With TRIBUNE_TEST_DATABASE=postgres each service gets an empty database on PostgreSQL."""
    if ON_POSTGRES:
        server: PostgresServer = request.getfixturevalue("postgres")
        suite = f"suite_{next(_numbers)}"
        administration = open_database(server.url()).execution_options(isolation_level="AUTOCOMMIT")
        with administration.connect() as connection:
            for service in SERVICES:
                connection.execute(text(f"CREATE DATABASE {suite}_{service}"))
        administration.dispose()
        environment["TRIBUNE_DATABASE_URL"] = server.url(suite + "_{service}")
    return Home(data_dir, environment)


@asynccontextmanager
async def started(suite: Suite) -> AsyncIterator[Client]:
    """The suite runs and is ready; a connection that holds through outages."""
    async with running(suite):
        client = await connect(suite.nats_url, "test", suite.keys.root())
        try:
            yield client
        finally:
            await client.close()


async def until(holds: Callable[[], Awaitable[Any]], what: str, within_s: float = 90) -> None:
    """Look again and again until it holds."""
    try:
        async with asyncio.timeout(within_s):
            while not await holds():
                await asyncio.sleep(LOOK_AGAIN_S)
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s: {what}") from None


async def proven(where: Home) -> Verdict:
    """What `verify` finds in a suite at rest, or in one that runs."""
    async with connected(where.data_dir) as suite:
        there = {"nats_url": suite.settings.nats_url, "keys_dir": suite.settings.keys_dir}
        settings = where.settings.model_copy(update=there)
        return await verify(suite.client, settings, lambda _: None)


async def jump(client: Client, to: datetime) -> None:
    """Set the suite's clock, wait until all services live at that time and intake has swept."""
    await set_clock(client, to)

    async def arrived() -> bool:
        said = [await ask(client, program) for program in PROGRAMS]
        return all(datetime.fromisoformat(each["now"]) == to for each in said)

    await until(arrived, f"the clocks show {to}")
    await swept(client, to)


async def swept(client: Client, now: datetime) -> None:
    """Wait until a sweep at `now` found nothing more in a calendar that holds the whole log."""
    question = {"until": now.isoformat()}
    await outlasting(client, lambda: request(client, "query.intake.swept", question, within_s=60))
