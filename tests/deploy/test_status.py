"""`tribune status`: all replicas, what works without a database, and how full everything is."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from answering import replica
from nats.aio.client import Client
from own_server import own_server
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from deploy.asking import ask, ask_all
from deploy.cli import app
from deploy.commands.status import _state
from deploy.looking.status import is_troubled, status
from deploy.programs import PROGRAMS
from deploy.terminal import Terminal
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.eventsourcing.projections.database import open_database
from shared.testing.servers import NatsServer, free_port

KB, MB, GB = 1024, 1024**2, 1024**3
AWAY = "postgresql://intake:sesame@127.0.0.1:1/intake"
AWAY_IN_WORDS = "away: intake's database intake on 127.0.0.1:1 does not answer (Connection refused)"


@pytest.fixture
def engine() -> Engine:
    return open_database("sqlite://")


async def test_every_replica_answers_and_the_first_answer_stands_where_scripts_read_it(
    server: NatsServer, nats: Client, engine: Engine
) -> None:
    async with (
        replica(server.url, engine, instance="one"),
        replica(server.url, engine, "intake", "two"),
    ):
        found = await status(nats, {}, server.monitor_url)
        alone = await ask(nats, "intake")
    intake = found["services"]["intake"]
    assert sorted(one["instance"] for one in intake["replicas"]) == ["one", "two"]
    assert {key: intake[key] for key in intake["replicas"][0]} == intake["replicas"][0]
    assert (intake["reports"], intake["positions"]) == ({"filed": 3}, {"inbox": 7})
    assert alone["instance"] in ("one", "two")
    assert all(one["standby"] == [] for one in intake["replicas"])


async def test_a_replica_without_a_name_has_one_all_the_same(
    server: NatsServer, nats: Client, engine: Engine
) -> None:
    async with replica(server.url, engine):
        (only,) = await ask_all(nats, "intake")
    assert only["instance"]


async def test_a_service_that_does_not_run_is_told_at_once(
    nats: Client, server: NatsServer
) -> None:
    assert await ask_all(nats, "intake") == []
    found = await status(nats, {}, server.monitor_url)
    assert found["services"] == dict.fromkeys(PROGRAMS)
    assert is_troubled(None)


async def test_a_trouble_of_any_replica_counts(
    server: NatsServer, nats: Client, engine: Engine
) -> None:
    async with replica(server.url, engine, instance="one"):
        assert not is_troubled((await status(nats, {}, server.monitor_url))["services"]["intake"])
        async with replica(server.url, engine, instance="two", trouble="stands still"):
            found = await status(nats, {}, server.monitor_url)
    assert is_troubled(found["services"]["intake"])


async def test_without_its_database_a_service_tells_what_it_knows(
    server: NatsServer, nats: Client
) -> None:
    async with replica(server.url, open_database(AWAY), trouble="stands still"):
        said = await ask(nats, "intake")
    assert said["database"] == AWAY_IN_WORDS
    assert (said["positions"], said["troubles"]) == ({"inbox": 7}, ["inbox: stands still"])
    assert "reports" not in said


async def told(*more: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["status", *more])


@pytest.fixture
def named(server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    monkeypatch.setenv("TRIBUNE_NATS_MONITOR_URL", server.monitor_url)
    monkeypatch.setattr("deploy.commands.status.console", Terminal(width=300))


@pytest.mark.usefixtures("named", "nats")
async def test_the_command_prints_a_row_for_each_replica_and_ends_with_1_without_a_database(
    server: NatsServer, engine: Engine
) -> None:
    async with (
        replica(server.url, engine, instance="intake-1"),
        replica(server.url, open_database(AWAY), instance="intake-2"),
        replica(server.url, engine, "promotion", "promotion-1"),
        replica(server.url, engine, "publishing", "publishing-1"),
        replica(server.url, engine, "gate", "gate-1"),
    ):
        ended, as_json = await told(), await told("--json")
    assert (ended.exit_code, as_json.exit_code) == (1, 1)
    (first,) = [line for line in ended.stdout.splitlines() if "intake-1" in line]
    (second,) = [line for line in ended.stdout.splitlines() if "intake-2" in line]
    assert "runs" in first
    assert f"database {AWAY_IN_WORDS}" in second
    assert "store: 0 B of 2 GB" in ended.stdout
    assert len(json.loads(as_json.stdout.splitlines()[-1])["services"]["intake"]["replicas"]) == 2


@pytest.mark.usefixtures("named", "nats")
async def test_the_command_ends_with_0_when_all_is_well(server: NatsServer, engine: Engine) -> None:
    async with (
        replica(server.url, engine),
        replica(server.url, engine, "promotion"),
        replica(server.url, engine, "publishing"),
        replica(server.url, engine, "gate"),
    ):
        ended = await told()
    assert ended.exit_code == 0, ended.stdout
    assert "0 B of 256 MB" in ended.stdout, "how full the inbox is"


async def test_what_a_read_model_could_not_take_is_warned_of_once_for_all_its_replicas(
    server: NatsServer, nats: Client, engine: Engine
) -> None:
    aside = {"reports_v1": 1_234}
    async with (
        replica(server.url, engine, instance="one", aside=aside),
        replica(server.url, engine, instance="two", aside=aside),
    ):
        found = await status(nats, {}, server.monitor_url)
    (warning,) = found["warnings"]
    assert warning.startswith("reports_v1: 1,234 events are set aside")
    assert "`tribune rebuild reports_v1`" in warning


async def test_an_inbox_that_is_nearly_full_is_warned_of(
    server: NatsServer, bare_nats: Client
) -> None:
    inboxes = {"boston": InboxLimits(MB)}
    await declare(bare_nats.jetstream(), suite_streams(inboxes))

    async def fill(size: int) -> dict[str, Any]:
        await bare_nats.jetstream().publish("inbox.boston.x", b"x" * size)
        return await status(bare_nats, inboxes, server.monitor_url)

    for _ in range(3):
        assert (await fill(250 * KB))["warnings"] == []
    found = await fill(225 * KB)
    (row,) = [row for row in found["streams"] if row["stream"] == "INBOX_BOSTON"]
    assert row["max_bytes"] == MB
    assert row["bytes"] > 0.95 * MB
    (warning,) = found["warnings"]
    assert warning.startswith("INBOX_BOSTON holds 9")
    assert "of 1 MB; when that is full, its source is refused" in warning


async def test_a_store_that_is_nearly_full_is_warned_of(tmp_path: Path) -> None:
    with own_server(tmp_path, "jetstream: {max_file: 10MB}") as server:
        client = Client()
        await client.connect(server.url)
        await declare(client.jetstream(), suite_streams({}))

        async def fill(messages: int) -> dict[str, Any]:
            for _ in range(messages):
                await client.jetstream().publish("intake.x", b"x" * 900 * KB)
            return await status(client, {}, server.monitor_url)

        before, after = await fill(9), await fill(2)
        await client.close()
    assert before["warnings"] == []
    assert before["store"]["most"] == 10 * MB
    (warning,) = after["warnings"]
    assert warning.startswith("the NATS server stores 9.")
    assert "of 10 MB; when that is full, nothing more is taken" in warning


async def test_where_the_monitoring_does_not_answer_the_store_is_not_known(nats: Client) -> None:
    found = await status(nats, {}, f"http://127.0.0.1:{free_port()}")
    assert (found["store"], found["warnings"]) == (None, [])


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({}, "runs"),
        ({"standby": ["sweep"]}, "runs, stands by for sweep"),
        ({"reasons": ["rows: at 1 of 2"], "standby": ["sweep"]}, "rows: at 1 of 2"),
        (
            {"troubles": ["NATS"], "reasons": ["NATS", "rows: at 1 of 2"], "database": "is away"},
            "NATS; database is away; rows: at 1 of 2",
        ),
    ],
)
def test_what_is_not_done_yet_is_no_trouble_and_is_shown(said: dict[str, Any], state: str) -> None:
    assert _state({"troubles": []} | said) == state
