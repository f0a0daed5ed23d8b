"""How a command meets NATS: told at once when nothing is there, patient once it is connected."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from answering import replica
from nats.errors import NoServersError
from typer.testing import CliRunner

from deploy.cli import app
from deploy.connecting import NoSuiteError, connected
from deploy.embedded.folder import claimed
from deploy.embedded.keeping import Keeper
from deploy.embedded.suite import Suite
from deploy.feeding.demo import MAPPING
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.eventsourcing.projections.database import open_database
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


def test_publishing_to_a_suite_at_rest_is_told_before_the_file_is_read(tmp_path: Path) -> None:
    """And no log is opened only to tell it."""
    folder = tmp_path / "suite"
    (folder / "nats").mkdir(parents=True)
    given = ["publish", "nowhere.csv", "--mapping", str(MAPPING), "--data-dir", str(folder)]
    ended = CliRunner().invoke(app, given)
    assert ended.exit_code == 4
    assert ended.stderr == (
        f"the suite in {folder} does not run, so nobody would answer; start it with `tribune up"
        f" --data-dir {folder}`\n"
    )
    assert [path.name for path in folder.iterdir()] == ["nats"]


@pytest.mark.parametrize(
    "command",
    [
        ["late", "--on", "2031-01-01"],
        ["dead", "redrive", "--all"],
        ["staff", "invite", "ana", "--reason", "Begins"],
        ["key", "add", "boston"],
        ["key", "rotate", "boston"],
        ["key", "revoke", "boston"],
    ],
)
def test_so_is_what_only_a_service_could_answer(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "nats").mkdir()
    ended = CliRunner().invoke(app, [*command, "--data-dir", str(tmp_path)])
    assert ended.exit_code == 4
    assert f"the suite in {tmp_path} does not run" in ended.stderr
    assert not (tmp_path / "nats.log").exists()


@pytest.mark.usefixtures("nats")
async def test_a_source_that_the_suite_does_not_know_is_told_before_the_file_is_read(
    server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    publish = ["publish", "nowhere.csv", "--mapping", str(MAPPING)]
    async with replica(server.url, open_database("sqlite://"), loop="inbox chicago"):
        ended = await asyncio.to_thread(CliRunner().invoke, app, publish)
    assert ended.exit_code == 2
    assert ended.stderr.startswith(
        f"the suite at 127.0.0.1:{server.port} has no source boston, which the mapping names; it"
        " takes in from chicago. Name boston in the sources.toml of its charter"
    )
    async with replica(server.url, open_database("sqlite://"), loop="inbox boston"):
        ended = await asyncio.to_thread(CliRunner().invoke, app, publish)
    assert "there is no file nowhere.csv" in ended.stderr


@pytest.mark.usefixtures("nats")
async def test_a_service_that_nobody_runs_is_told_with_the_address_that_was_asked(
    server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url.replace("//", "//user:sesame@"))
    late = ["late", "--on", "2031-01-01"]
    ended = await asyncio.to_thread(CliRunner().invoke, app, late)
    assert ended.exit_code == 4
    assert f"intake does not run in the suite at 127.0.0.1:{server.port}" in ended.stderr
    assert "sesame" not in ended.stderr


def test_an_address_where_nobody_answers_is_told_with_what_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = free_port()
    monkeypatch.setenv("TRIBUNE_NATS_URL", f"nats://user:sesame@127.0.0.1:{port}")
    ended = CliRunner().invoke(app, ["status"])
    assert ended.exit_code == 4
    assert f"NATS does not answer at 127.0.0.1:{port}: " in ended.stderr
    assert "TRIBUNE_NATS_URL names it, in the environment or .env: start the suite" in ended.stderr
    assert "sesame" not in ended.stderr


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
