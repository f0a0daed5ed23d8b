"""The real site and the real gate: no page shows part as the whole, and each tells of outages."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from real_suite import CHARTER
from service_process import service_process

from services.publishing.app import READ_MODELS
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.prepare import forget
from shared.testing.examples import REPORT_FILED, new_event, varied
from shared.testing.servers import NatsServer, free_port

REPORTS = 5_000
AT_ONCE = 500
WITHIN_S = 120
SAID = re.compile(
    r"is starting up|are not the whole|cannot arrive just now|wait is not known just now"
)


@pytest.fixture
async def log(log_server: NatsServer) -> AsyncIterator[Client]:
    client = await connect(log_server.url, "test")
    await declare(
        client.jetstream(), suite_streams({"boston": InboxLimits(max_bytes=64 * 1024**2)})
    )
    yield client
    await client.close()


async def filed(client: Client, count: int) -> None:
    store = JetStreamEventStore(client)
    appends = []
    for number in range(count):
        event = varied(REPORT_FILED, report_id=f"{number:032x}")
        key = AggregateKey("intake", "report", event.report_id)
        appends.append(Append(key, 0, [new_event(event, 1, f"command {number}")]))
    for start in range(0, count, AT_ONCE):
        await store.append(appends[start : start + AT_ONCE])


@asynccontextmanager
async def publishing(
    server: NatsServer, database_url: str, folder: Path
) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    environment = {
        "TRIBUNE_NATS_URL": server.url,
        "TRIBUNE_NATS_MONITOR_URL": server.monitor_url,
        "TRIBUNE_DATABASE_URL": database_url,
        "TRIBUNE_DATA_DIR": str(folder),
        "TRIBUNE_CHARTER_DIR": str(CHARTER),
        "TRIBUNE_PORT": str(port),
    }
    with (folder / "publishing.log").open("ab") as told:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.cli", "service", "publishing"),
            env=os.environ | environment,
            stderr=told,
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        process.terminate()
        await process.wait()


async def looked(client: httpx.AsyncClient, right: Callable[[int, str], bool]) -> list[str]:
    """The front page until it is right: what it said of its figures each time."""
    said: list[str] = []
    async with asyncio.timeout(WITHIN_S):
        while True:
            try:
                answer = await client.get("/")
            except httpx.ConnectError:
                await asyncio.sleep(0.01)  # not there yet
                continue
            assert answer.status_code == 200
            (reports,) = re.findall(r"reports?</dt><dd><strong>([0-9,]+)<", answer.text)
            found = SAID.search(answer.text)
            said.append(found.group() if found else "")
            if right(int(reports.replace(",", "")), said[-1]):
                return said


def whole(reports: int, said: str) -> bool:
    assert said or reports == REPORTS
    return not said


async def test_part_is_never_shown_as_the_whole(
    log_server: NatsServer, log: Client, database_url: str, tmp_path: Path
) -> None:
    await filed(log, REPORTS)
    async with (
        publishing(log_server, database_url, tmp_path) as client,
        service_process("gate", log_server, tmp_path),
    ):
        assert "are not the whole" in await looked(client, whole)
    engine = open_database(database_url)
    for model in READ_MODELS:
        forget(engine, model)
    engine.dispose()
    async with (
        publishing(log_server, database_url, tmp_path) as client,
        service_process("gate", log_server, tmp_path),
    ):
        await looked(client, whole)


async def test_the_page_goes_on_while_the_log_is_away_and_says_so(
    log_server: NatsServer, log: Client, database_url: str, tmp_path: Path
) -> None:
    await filed(log, 3)
    async with (
        publishing(log_server, database_url, tmp_path) as client,
        service_process("gate", log_server, tmp_path),
    ):
        await looked(client, lambda reports, said: (reports, said) == (3, ""))
        log_server.kill()
        await looked(client, lambda reports, said: (reports, said) == (3, "cannot arrive just now"))
        log_server.start()
        await looked(client, lambda reports, said: (reports, said) == (3, ""))


async def test_the_page_goes_on_while_the_gate_is_away_and_says_so(
    log_server: NatsServer, log: Client, database_url: str, tmp_path: Path
) -> None:
    await filed(log, 3)
    async with publishing(log_server, database_url, tmp_path) as client:
        async with service_process("gate", log_server, tmp_path) as gate:
            await looked(client, lambda reports, said: (reports, said) == (3, ""))
            gate.process.kill()
            away = (3, "wait is not known just now")
            await looked(client, lambda reports, said: (reports, said) == away)
        async with service_process("gate", log_server, tmp_path):
            await looked(client, lambda reports, said: (reports, said) == (3, ""))


async def test_a_site_that_never_heard_the_gate_does_not_call_its_figures_the_whole(
    log_server: NatsServer, log: Client, database_url: str, tmp_path: Path
) -> None:
    """Reports may wait of which it knows nothing."""
    await filed(log, 3)
    async with publishing(log_server, database_url, tmp_path) as client:
        await _says(client, "It is not known just now whether these figures are the whole.")


async def _says(client: httpx.AsyncClient, words: str) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            with suppress(httpx.ConnectError):
                if words in (await client.get("/")).text:
                    return
            await asyncio.sleep(0.01)
