"""What goes wrong is called by its name: NATS only where it is NATS."""

from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.js.errors import APIError
from own_server import own_server
from pydantic import ValidationError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from deploy.asking import NoAnswerError, ask
from deploy.connecting import NatsAwayError, connected
from deploy.problems import told
from shared.eventsourcing.errors import LogDamagedError
from shared.runtime.charter import CharterError
from shared.runtime.settings import Settings
from shared.testing.servers import free_port


def failing(path: Path) -> OSError:
    with pytest.raises(OSError, match="No such file") as raised:
        path.read_text()
    return raised.value


def test_a_file_that_is_not_there_is_no_server_that_does_not_answer(tmp_path: Path) -> None:
    code, words = told(failing(tmp_path / "x"))
    assert (code, words) == (1, f"{tmp_path / 'x'}: No such file or directory")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (LogDamagedError("a gap"), 3, "a gap"),
        (CharterError("no charter"), 2, "no charter"),
        (OSError("odd"), 1, "OSError: odd"),
        (ConnectionRefusedError("elsewhere"), 1, "ConnectionRefusedError: elsewhere"),
        (TimeoutError(), 4, "there was no answer in time"),
        (nats.errors.TimeoutError(), 4, "there was no answer in time"),
        (nats.errors.ConnectionClosedError(), 4, "NATS does not answer any more"),
        (nats.errors.OutboundBufferLimitError(), 4, "NATS does not answer any more"),
        (nats.errors.NoRespondersError(), 4, "the service does not run"),
        (APIError(code=400, err_code=10058, description="no"), 1, "NATS refuses: no (10058)"),
        (KeyError("source"), 1, "KeyError: 'source'"),
        (RuntimeError("port 8000 is taken"), 1, "port 8000 is taken"),
    ],
)
def test_each_error_has_its_words_and_its_code(error: Exception, code: int, words: str) -> None:
    assert told(error)[0] == code
    assert told(error)[1].startswith(words)
    assert told(ExceptionGroup("several", [error])) == told(error)


def test_a_statement_that_the_database_refuses_is_told_without_what_it_holds(
    database: Engine,
) -> None:
    with pytest.raises(DBAPIError) as raised, database.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE owner = :owner"), {"owner": "sesame"})
    code, words = told(raised.value)
    assert code == 1
    assert words.startswith("the database refuses: ")
    assert "nowhere" in words
    assert "sesame" not in words


def test_a_setting_is_told_by_its_variable_and_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIBUNE_CLOCK", "sesame")
    monkeypatch.setenv("TRIBUNE_PORT", "sesame")
    with pytest.raises(ValidationError) as raised:
        Settings(_env_file=None)
    code, words = told(raised.value)
    assert code == 2
    assert "TRIBUNE_CLOCK: " in words
    assert "TRIBUNE_PORT: " in words
    assert "sesame" not in words


async def test_a_service_that_does_not_answer_in_time_is_named(bare_nats: Client) -> None:
    await bare_nats.subscribe("query.intake.progress")
    with pytest.raises(NoAnswerError) as raised:
        await ask(bare_nats, "intake", within_s=0.1)
    assert told(raised.value) == (4, "intake did not answer within 0.1 s")


async def test_nats_that_is_not_there_is_told_with_its_address_and_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = free_port()
    monkeypatch.setenv("TRIBUNE_NATS_URL", f"nats://tribune:sesame@127.0.0.1:{port}")
    with pytest.raises(NatsAwayError) as raised:
        async with connected(None):
            pass
    code, words = told(raised.value)
    assert code == 4
    assert words.startswith(f"NATS does not answer at 127.0.0.1:{port}: ")
    assert "sesame" not in words


async def test_wrong_credentials_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_server(tmp_path, "authorization: {user: tribune, password: sesame}") as server:
        monkeypatch.setenv("TRIBUNE_NATS_URL", f"nats://tribune:wrong@127.0.0.1:{server.port}")
        with pytest.raises(NatsAwayError) as raised:
            async with connected(None):
                pass
    words = f"NATS at 127.0.0.1:{server.port} refuses the credentials that it is given"
    assert told(raised.value) == (4, words)
