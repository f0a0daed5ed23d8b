"""How a command meets NATS: told at once when nothing is there, patient once it is connected."""

import asyncio
from pathlib import Path

import pytest
from nats.errors import NoServersError
from typer.testing import CliRunner

from deploy.cli import app
from deploy.connecting import connected
from shared.eventsourcing.jetstream.connection import connect
from shared.testing.servers import NatsServer, free_port


async def test_a_server_that_is_not_there_is_told_at_once() -> None:
    async with asyncio.timeout(10):
        with pytest.raises(NoServersError):
            await connect(f"nats://127.0.0.1:{free_port()}", "test", once=True)


async def test_a_server_that_goes_away_later_is_waited_for(log_server: NatsServer) -> None:
    client = await connect(log_server.url, "test", once=True)
    log_server.kill()
    await asyncio.to_thread(log_server.start)
    async with asyncio.timeout(20):
        while client.stats["reconnects"] == 0 or not client.is_connected:
            await asyncio.sleep(0.02)
        assert await client.jetstream().streams_info() == []
    await client.close()


async def test_an_address_counts_more_than_the_usual_folder_and_less_than_a_folder_that_is_named(
    log_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", log_server.url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var/suite/nats").mkdir(parents=True)
    async with connected(None) as suite:
        assert suite.client.connected_url is not None
        assert suite.client.connected_url.port == log_server.port
    (tmp_path / "named/nats").mkdir(parents=True)
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(Path(__file__).parents[2] / "deploy/charter"))
    async with connected(tmp_path / "named") as suite:
        assert suite.client.connected_url is not None
        assert suite.client.connected_url.port != log_server.port


def test_publishing_to_a_suite_at_rest_is_told_and_waits_for_no_receipt(tmp_path: Path) -> None:
    (tmp_path / "suite/nats").mkdir(parents=True)
    (tmp_path / "rows.csv").write_text("case_enquiry_id,open_dt,target_dt,closed_dt\n")
    mapping = str(Path(__file__).parents[2] / "deploy/mappings/boston311.toml")
    folder, rows = str(tmp_path / "suite"), str(tmp_path / "rows.csv")
    given = ["publish", rows, "--mapping", mapping, "--data-dir", folder]
    ended = CliRunner().invoke(app, given)
    assert ended.exit_code == 4
    assert "does not run, so nobody would answer; start it with `tribune up`" in ended.stderr
