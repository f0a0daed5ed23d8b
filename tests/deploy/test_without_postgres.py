"""A running suite whose PostgreSQL is gone: what is known without it is told, the rest in words."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from real_suite import ON_POSTGRES, Home, started, until
from sqlalchemy import text

from deploy.programs import SERVICES
from shared.eventsourcing.projections.database import open_database
from shared.testing.servers import PostgresServer, postgres_server

pytestmark = [pytest.mark.deep, pytest.mark.postgres]

if not ON_POSTGRES:
    pytest.skip("needs a PostgreSQL server of its own", allow_module_level=True)


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """One of its own, for it goes away."""
    with postgres_server() as server:
        administration = open_database(server.url())
        with administration.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for service in SERVICES:
                connection.execute(text(f"CREATE DATABASE {service}"))
        administration.dispose()
        yield server


async def test_status_and_late_and_verify_say_that_the_database_is_away(
    own_postgres: PostgresServer, tmp_path: Path
) -> None:
    home = Home(tmp_path, {"TRIBUNE_DATABASE_URL": own_postgres.url("{service}")})
    async with started(home.suite()):
        own_postgres.stop()

        async def away() -> bool:
            return all("database" in said for said in services().values())

        def services() -> dict[str, dict[str, str]]:
            told = home.tribune("status", "--json")
            assert told.returncode == 1, told.stderr
            said = json.loads(told.stdout)["services"]
            return {name: said[name] for name in SERVICES}  # the gate has none

        await until(away, "all services miss their database")
        for name, said in services().items():
            words = f"away: {name}'s database {name} on {own_postgres.directory} does not answer"
            assert said["database"].startswith(words)
            assert "positions" in said
        late = home.tribune("late", "--on", "2030-01-01")
        assert late.returncode == 1
        assert "intake's database intake on" in late.stderr
        verify = home.tribune("verify")
        assert verify.returncode == 1, "the rows are not proven, all else is"
        assert "intake's database intake on" in verify.stdout
        assert "NATS" not in late.stderr + verify.stderr


async def test_while_the_database_hangs_nobody_is_ready(
    own_postgres: PostgresServer, tmp_path: Path
) -> None:
    """Nothing fails then: rows stand still, and who writes them waits."""
    home = Home(tmp_path, {"TRIBUNE_DATABASE_URL": own_postgres.url("{service}")})
    suite = home.suite()

    async def said(code: int) -> bool:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            for name in SERVICES:
                url = f"http://127.0.0.1:{suite.inner[f'{name}-1']}/readyz"
                answer = await http.get(url)
                words = f"{name}'s database {name} on {own_postgres.directory} does not answer"
                if answer.status_code != code or (words in answer.json()["reasons"]) != (
                    code == httpx.codes.SERVICE_UNAVAILABLE
                ):
                    return False
        return True

    async with started(suite):
        own_postgres.send(signal.SIGSTOP)
        try:
            await until(lambda: said(503), "no service is ready")
        finally:
            own_postgres.send(signal.SIGCONT)
        await until(lambda: said(200), "all are ready again")
