"""A log that can't be trusted is found, and nobody works on with it."""

import asyncio
import json
import os
import sys
from collections.abc import Callable

import httpx
import pytest
from nats.js.api import StreamConfig
from real_suite import Home
from sqlalchemy import Connection, select, update

from deploy.embedded import Suite, running
from deploy.programs import SERVICES
from deploy.suite import database
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.projections.checkpoints import checkpoints
from shared.runtime.door_settings import INNER_FROM_OUTER

pytestmark = pytest.mark.deep

REFUSES_WITHIN_S = 90
DAMAGED_EXIT = 3
ONE_DAY = 24 * 3600.0


def beyond(where: Home, service: str, further: int) -> str:
    """Put all of a service's checkpoints beyond what the log holds; the name of one."""

    def move(connection: Connection) -> str:
        connection.execute(update(checkpoints).values(sequence=checkpoints.c.sequence + further))
        return str(connection.execute(select(checkpoints.c.name)).scalars().first())

    engine = database(where.settings, service)
    with engine.begin() as connection:
        name = move(connection)
    engine.dispose()
    return name


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_beyond_the_end_of_the_log_refuses_to_run(copy: Home, service: str) -> None:
    beyond(copy, service, 1000)
    suite = copy.suite(services=())
    async with running(suite):
        environment = os.environ | copy.environment | _told(suite, service)
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "deploy.cli", "service", service],
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        ready = asyncio.create_task(_ever_ready(suite.service_port(service) + INNER_FROM_OUTER))
        said, _ = await asyncio.wait_for(process.communicate(), REFUSES_WITHIN_S)
        ready.cancel()
        (was_ready,) = await asyncio.gather(ready, return_exceptions=True)
    assert process.returncode == DAMAGED_EXIT, said.decode()
    assert b"the log went backwards" in said
    assert isinstance(was_ready, asyncio.CancelledError), "it said that it was ready"


def _told(suite: Suite, service: str) -> dict[str, str]:
    return {
        "TRIBUNE_NATS_URL": suite.nats_url,
        "TRIBUNE_NATS_CREDENTIALS": str(suite.credentials(service)),
        "TRIBUNE_NATS_MONITOR_URL": suite.monitor_url,
        "TRIBUNE_DATA_DIR": str(suite.data_dir),
        "TRIBUNE_CLOCK": "stream",
        "TRIBUNE_PORT": str(suite.service_port(service)),
    }


async def _ever_ready(port: int) -> None:
    """Returns as soon as the service says that it is ready."""
    async with httpx.AsyncClient() as http:
        while True:
            try:
                answer = await http.get(f"http://127.0.0.1:{port}/readyz", timeout=1)
            except httpx.HTTPError:
                await asyncio.sleep(0.02)
                continue
            if answer.status_code == httpx.codes.OK:
                return
            await asyncio.sleep(0.02)


async def test_a_suite_with_a_damaged_log_is_not_started_again_and_again(copy: Home) -> None:
    beyond(copy, "intake", 1000)
    up = await asyncio.to_thread(copy.tribune, "up", "--port", str(copy.suite().port))
    assert up.returncode == DAMAGED_EXIT, up.stderr
    assert "intake" in up.stderr
    assert "the log went backwards" in up.stderr
    assert not (copy.data_dir / "suite.json").exists(), "nothing is left running"


def test_verify_finds_a_checkpoint_beyond_the_end_of_the_log(copy: Home) -> None:
    name = beyond(copy, "promotion", 7)
    proof = copy.tribune("verify")
    assert proof.returncode == 1
    assert name in proof.stdout


async def _edit(where: Home, change: Callable[[StreamConfig], None]) -> None:
    async with where.log() as client:
        config = (await client.jetstream().stream_info("INTAKE")).config
        change(config)
        body = json.dumps(config.as_dict()).encode()
        answer = await client.request("$JS.API.STREAM.UPDATE.INTAKE", body, timeout=5)
        assert "error" not in json.loads(answer.data), answer.data


async def test_a_setting_that_somebody_changed_is_found_and_nothing_starts_on_it(
    copy: Home,
) -> None:
    def forget_after_a_day(config: StreamConfig) -> None:
        config.max_age = ONE_DAY

    await _edit(copy, forget_after_a_day)
    for command in (("verify",), ("up", "--port", str(copy.suite().port))):
        told = await asyncio.to_thread(copy.tribune, *command)
        assert told.returncode != 0
        assert "INTAKE: max_age is 86400.0, declared is None" in told.stdout + told.stderr


async def test_a_second_suite_in_the_same_folder_is_refused(copy: Home) -> None:
    suite = copy.suite(services=())
    async with running(suite):
        second = await asyncio.to_thread(copy.tribune, "up", "--port", str(copy.suite().port))
        assert second.returncode == 1
        assert "runs already" in second.stderr
        other = await connect(suite.nats_url, "still there", suite.keys.root())
        await other.close()
