"""How a command meets NATS: told at once when nothing is there, patient once it is connected."""

import asyncio
import gzip
import json
import sys
from pathlib import Path

import pytest
from nats.errors import NoServersError
from typer.testing import CliRunner

from deploy.cli import app
from deploy.connecting import NoSuiteError, connected
from deploy.embedded.folder import claimed
from deploy.embedded.keeping import Keeper
from deploy.embedded.suite import Suite
from deploy.feeding.demo import FILE, MAPPING
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import declare, suite_streams
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
    with gzip.open(FILE, "rb") as file:
        (tmp_path / "rows.csv").write_bytes(file.readline() + file.readline())
    folder, rows = str(tmp_path / "suite"), str(tmp_path / "rows.csv")
    given = ["publish", rows, "--mapping", str(MAPPING), "--data-dir", folder]
    ended = CliRunner().invoke(app, given)
    assert ended.exit_code == 4
    assert "does not run, so nobody would answer; start it with `tribune up`" in ended.stderr


async def test_a_process_that_refuses_to_run_is_told_with_its_reason(
    log_server: NatsServer, tmp_path: Path
) -> None:
    """Others may go on without it, and then nothing else would tell of it."""
    reason = json.dumps({"level": "critical", "reason": "the log went backwards"})
    refuse = [sys.executable, "-c", f"print({reason!r}); raise SystemExit(3)"]
    client = await connect(log_server.url, "test")
    await declare(client.jetstream(), suite_streams({}))
    await client.close()
    async with claimed(tmp_path) as lock:
        suite = Suite(tmp_path, nats_port=log_server.port)
        with pytest.raises(LogDamagedError):
            await Keeper(suite, "intake-2", refuse, lock).run()
        status = ["status", "--json", "--data-dir", str(tmp_path)]
        ended = await asyncio.to_thread(CliRunner().invoke, app, status)
        assert ended.exit_code == 1, ended.output
        assert json.loads(ended.stdout)["refuses"] == {"intake-2": "the log went backwards"}
        shown = await asyncio.to_thread(CliRunner().invoke, app, [*status[:1], *status[2:]])
        assert "not running, refuses" in shown.stdout
        suite.runs("intake-2", 1)
        async with connected(tmp_path) as found:
            assert found.refuses == {}


async def test_who_means_the_demonstration_is_told_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIBUNE_NATS_URL", raising=False)
    demo = tmp_path / "var/demo"
    demo.mkdir(parents=True)
    async with claimed(demo):
        with pytest.raises(NoSuiteError, match=r"runs in var/demo, which `--data-dir var/demo`"):
            await connected(None).__aenter__()
