"""Names and numbers that are not there are told, before anything is done, and never called done."""

import asyncio
from pathlib import Path

import pytest
from nats.aio.client import Client
from typer.testing import CliRunner, Result

from deploy.cli import app
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.testing.servers import NatsServer


@pytest.fixture
async def log(
    server: NatsServer, bare_nats: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Client:
    """Declared, and what `tribune` speaks with."""
    await declare(bare_nats.jetstream(), suite_streams({"boston": InboxLimits(1024**2)}))
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    monkeypatch.chdir(tmp_path)
    return bare_nats


async def tribune(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))


async def test_redo_looks_at_all_names_first(log: Client) -> None:
    keeper = PositionKeeper(log, "promotion", "credits")
    await keeper.begin()
    await keeper.move(Position(7))
    ended = await tribune("redo", "credits", "credit")
    assert ended.exit_code == 2
    assert "there is no inbox, reaction or relay credit; there are inbox-boston, du" in ended.stderr
    assert (await PositionKeeper(log, "promotion", "credits").begin()).sequence == 7


@pytest.mark.usefixtures("log")
async def test_a_dead_letter_that_is_not_there_is_not_done() -> None:
    ended = await tribune("dead", "redrive", "5")
    assert ended.exit_code == 1
    assert "DEAD has no message 5" in ended.stdout
    assert "Nothing is dead." in (await tribune("dead", "redrive", "--all")).stdout


@pytest.mark.usefixtures("log")
async def test_no_log_has_a_sequence_0() -> None:
    ended = await tribune("why", "INTAKE/0")
    assert ended.exit_code == 1
    assert "nothing in the log has the id INTAKE/0" in ended.stderr


@pytest.mark.parametrize("port", ["0", "65534", "99999"])
async def test_a_port_that_none_is_starts_nothing(port: str, tmp_path: Path) -> None:
    ended = await tribune("up", "--data-dir", str(tmp_path / "suite"), "--port", port)
    assert ended.exit_code == 2
    assert not (tmp_path / "suite").exists()
