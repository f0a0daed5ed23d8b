"""A database that is away is named with service, host and reason, and never with its password."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import OperationalError
from real_suite import ON_POSTGRES, until
from sqlalchemy import Engine, text

from deploy.problems import told
from deploy.suite import DatabaseAwayError, database
from shared.eventsourcing.projections.database import open_database
from shared.runtime import databases
from shared.runtime.databases import Figures, Pulse
from shared.runtime.settings import Settings
from shared.testing.servers import PostgresServer, postgres_server

pytestmark = [pytest.mark.deep, pytest.mark.postgres]

NOWHERE = "postgresql://{service}:{password}@127.0.0.1:1/{service}"


def settings(url: str, tmp_path: Path) -> Settings:
    passwords = {"intake": "sesame"}
    return Settings(
        _env_file=None, database_url=url, database_passwords=passwords, data_dir=tmp_path
    )


def words_of(engine: Engine) -> str:
    with pytest.raises(DatabaseAwayError) as raised:
        engine.connect()
    code, words = told(raised.value)
    assert code == 4
    assert "sesame" not in words
    return words


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert words_of(database(settings(NOWHERE, tmp_path), "intake")) == (
        "intake's database intake on 127.0.0.1:1 does not answer (Connection refused)"
    )


def test_a_host_that_is_not_known_is_named(tmp_path: Path) -> None:
    url = NOWHERE.replace("127.0.0.1", "nowhere.invalid")
    words = words_of(database(settings(url, tmp_path), "intake"))
    assert words.startswith("intake's database intake on nowhere.invalid:1 does not answer (")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none/{{service}}.db"
    words = words_of(database(settings(url, tmp_path), "intake"))
    assert words == f"intake's database {tmp_path}/none/intake.db: unable to open database file"


def test_a_table_that_is_missing_is_no_database_that_is_away(
    database_url: str, tmp_path: Path
) -> None:
    engine = database(settings(database_url, tmp_path), "intake")
    with pytest.raises(Exception, match="nowhere") as raised, engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(raised.value, DatabaseAwayError)


async def test_figures_of_a_database_that_is_away_say_why() -> None:
    engine = open_database(NOWHERE.format(service="intake", password="sesame"))
    figures = Figures("intake", engine, lambda: {"reports": engine.connect()})
    assert await figures.ask() == {
        "database": "away: intake's database intake on 127.0.0.1:1 does not answer"
        " (Connection refused)"
    }


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Takes connections and never says a word, as a frozen server does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


async def test_a_database_that_hangs_holds_up_one_question_alone(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "ANSWERS_WITHIN_S", 0.1)
    port = silent.getsockname()[1]
    engine = open_database(f"postgresql://intake:sesame@127.0.0.1:{port}/intake")
    asked = []

    def read() -> dict[str, object]:
        asked.append("")
        with engine.connect():
            return {"reports": {}}

    figures = Figures("intake", engine, read)
    for _ in range(3):
        words = f"away: intake's database intake on 127.0.0.1:{port} does not answer"
        assert await figures.ask() == {"database": words}
    assert len(asked) == 1
    taken, _ = silent.accept()
    silent.close()
    taken.close()
    with pytest.raises(Exception, match="closed"):
        await asyncio.wait_for(figures._asked, 20)


async def test_a_database_that_hangs_is_a_trouble_for_as_long_as_it_does(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for it gets no error."""
    monkeypatch.setattr(databases, "ANSWERS_WITHIN_S", 0.1)
    port = silent.getsockname()[1]
    pulse = Pulse("intake", open_database(f"postgresql://intake:sesame@127.0.0.1:{port}/intake"))
    felt = asyncio.create_task(pulse.run())

    async def hangs() -> bool:
        return pulse.troubles() == [f"intake's database intake on 127.0.0.1:{port} does not answer"]

    async def is_well() -> bool:
        return pulse.troubles() == []

    await until(hangs, "it is told")
    taken, _ = silent.accept()
    silent.close()
    taken.close()
    await until(is_well, "it is told no more")
    felt.cancel()


async def test_figures_of_a_database_that_answers_are_those_of_now(database: Engine) -> None:
    numbers = iter(range(10))
    figures = Figures("intake", database, lambda: {"reports": next(numbers)})
    assert [await figures.ask() for _ in range(3)] == [{"reports": n} for n in range(3)]


@pytest.fixture
def strict_postgres() -> Iterator[PostgresServer]:
    """One that wants passwords; nobody has one."""
    if not ON_POSTGRES:
        pytest.skip("needs a PostgreSQL server")
    with postgres_server() as server:
        (server.directory / "data" / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        assert server.process is not None
        server.process.send_signal(signal.SIGHUP)
        with pytest.raises(OperationalError):
            while True:
                psycopg.connect(server.url()).close()
        yield server


def test_a_wrong_password_is_told_as_such(strict_postgres: PostgresServer, tmp_path: Path) -> None:
    url = strict_postgres.url("intake").replace("tribune@", "intake:{password}@")
    words = words_of(database(settings(url, tmp_path), "intake"))
    assert words == (
        f"intake's database intake on {strict_postgres.directory} refuses the password of intake;"
        " see TRIBUNE_DATABASE_URL and TRIBUNE_DATABASE_PASSWORDS__INTAKE"
    )


def test_a_database_that_does_not_exist_is_told_as_such(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if not ON_POSTGRES:
        pytest.skip("needs a PostgreSQL server")
    server: PostgresServer = request.getfixturevalue("postgres")
    words = words_of(database(settings(server.url("nowhere"), tmp_path), "intake"))
    assert words.endswith('is not there: database "nowhere" does not exist')
