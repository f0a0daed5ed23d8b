"""The memory that the log server is asked to stay below: chosen by its log, given, or composed."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from real_suite import Home, home
from up_process import up

from deploy.embedded import Suite, running
from deploy.embedded.memory import most_memory, of_this_machine
from deploy.looking.status import status
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime.monitoring import LEAST_MEMORY
from shared.runtime.settings import PROJECT
from shared.runtime.sizes import GB, MB, parse_size
from shared.testing.servers import NatsServer, free_port

pytestmark = pytest.mark.deep


def asked_of(monitor_url: str) -> int:
    told: dict[str, Any] = httpx.get(f"{monitor_url}/varz", trust_env=False).json()
    return int(told["gomemlimit"])


@pytest.mark.parametrize(
    ("stored", "given", "machine", "most"),
    [
        (0, 0, 24 * GB, 1_400 * MB),
        (2 * GB, 0, 24 * GB, 1_400 * MB),
        (16 * GB, 0, 24 * GB, 3 * GB),
        (16 * GB, 0, 4 * GB, 2 * GB),
        (0, 0, 2 * GB, 1 * GB),
        (16 * GB, 700 * MB, 24 * GB, 700 * MB),
        (0, 5 * GB, 2 * GB, 5 * GB),
    ],
)
def test_it_is_what_the_log_needs_no_more_than_half_the_machine_and_whatever_is_given(
    stored: int, given: int, machine: int, most: int
) -> None:
    assert most_memory(stored, given, machine) == most


async def test_the_server_of_a_suite_is_asked_by_the_machine_and_its_log(tmp_path: Path) -> None:
    async with running(Suite(tmp_path, services=())) as suite:
        asked = await asyncio.to_thread(asked_of, suite.monitor_url)
    assert asked == most_memory(0, 0, of_this_machine())


@pytest.mark.parametrize("by", ["option", pytest.param("variable", marks=pytest.mark.deep)])
async def test_what_is_given_the_server_is_asked_for(
    request: pytest.FixtureRequest, tmp_path: Path, by: str
) -> None:
    given = {"TRIBUNE_NATS_MEMORY": "700MiB"} if by == "variable" else {}
    where = home(request, tmp_path / "suite", **given)
    async with up(where, *(["--nats-memory", "700MB"] if by == "option" else [])) as suite:
        await suite.runs()
        asked = await asyncio.to_thread(asked_of, suite.facts["monitor_url"])
    assert asked == 700 * MB


def test_what_is_no_size_is_refused_by_the_options_name(tmp_path: Path) -> None:
    said = Home(tmp_path / "suite", {"TRIBUNE_NATS_MEMORY": "much"}).tribune("up")
    assert said.returncode == 2
    assert "--nats-memory: must be a whole number" in " ".join(said.stderr.split())


def test_the_composed_server_is_asked_too_in_words_that_it_takes(tmp_path: Path) -> None:
    """Go takes `MiB`, and refuses the `MB` of other settings."""
    example = (PROJECT / ".env.example").read_text()
    (default,) = re.findall(r"^TRIBUNE_NATS_MEMORY=(\S+)$", example, re.MULTILINE)
    assert f"GOMEMLIMIT: ${{TRIBUNE_NATS_MEMORY:-{default}}}" in _service("nats")
    assert parse_size(default) == LEAST_MEMORY, "tribune up takes the same words"
    server = NatsServer(tmp_path, free_port(), environment={"GOMEMLIMIT": default})
    try:
        server.start()
        assert asked_of(server.monitor_url) == LEAST_MEMORY
    finally:
        server.stop()


def _service(name: str) -> str:
    """Its lines in the composition."""
    composed = (PROJECT / "docker-compose.yml").read_text()
    return composed.partition(f"\n  {name}:\n")[2].partition("\n\n")[0]


@pytest.mark.parametrize(
    ("asked", "memory", "warnings"),
    [("5MiB", 5 * MB, 1), ("500MiB", 500 * MB, 0), ("off", 0, 0)],
)
async def test_a_log_that_outgrows_its_servers_memory_is_warned_of(
    tmp_path: Path, asked: str, memory: int, warnings: int
) -> None:
    server = NatsServer(tmp_path, free_port(), environment={"GOMEMLIMIT": asked})
    client = Client()
    try:
        server.start()
        await client.connect(server.url)
        await declare(client.jetstream(), suite_streams({}))
        for _ in range(30):
            await client.jetstream().publish("intake.x", b"x" * 900 * 1024)
        found = await status(client, {}, server.monitor_url)
        await client.close()
    finally:
        server.stop()
    assert found["store"]["memory"] == memory
    said = found["warnings"]
    assert len(said) == warnings
    assert all("asked to stay below 5 MB of memory, and for a log of 26" in line for line in said)
    assert all("TRIBUNE_NATS_MEMORY" in line for line in said)
