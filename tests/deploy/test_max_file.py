"""What the log may take is taken: said before, said then, and over by itself once there is room."""

import asyncio
import json
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from asking_up import asked, events, is_ready, measures, refusal, says, send
from nats.js.api import StreamConfig
from nats.js.errors import APIError
from real_suite import Home, home, until
from up_process import up

from deploy.looking.lag import settled
from shared.eventsourcing.jetstream.connection import Client, connect

pytestmark = pytest.mark.deep

KB = 1024
MAX_FILE, STORE = "40MB", 40 * 1024**2
RATIO = "tribune_store_full_ratio"
ROWS = 400


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite", TRIBUNE_INBOX_MAX_BYTES="8MB")


async def put_in(client: Client, size: int) -> None:
    await client.jetstream().publish("ballast.x", b"x" * size)


async def test_nearly_full_it_warns_full_it_says_so_and_with_room_all_goes_on(where: Home) -> None:
    some = events(ROWS)
    half = len(some) // 2
    async with up(where, "--max-file", MAX_FILE) as suite:
        await suite.runs()
        client = await connect(suite.facts["nats_url"], "test", suite.keys.root())
        assert await send(client, some[:half]) == half
        await settled(client)
        await client.jetstream().add_stream(StreamConfig(name="BALLAST", subjects=["ballast.>"]))

        while (await client.jetstream().account_info()).storage < 0.93 * STORE:
            await put_in(client, 500 * KB)

        async def is_nearly_full() -> bool:
            return 0.9 <= await measures(suite, "intake-1", RATIO) < 0.99

        await until(is_nearly_full, "it is nearly full")
        await until(
            lambda: says(suite, "intake-1", "warnings", "the log's store fills"), "a warning"
        )
        assert await is_ready(suite, "intake-1"), "it takes in what comes"

        with pytest.raises(APIError, match="insufficient resources"):
            while True:
                await put_in(client, 900 * KB)
        with suppress(APIError):
            while True:
                await put_in(client, KB)
        full = "the log's store is full: 40"
        for process in ("intake-1", "promotion-1", "publishing-1"):
            await until(lambda p=process: says(suite, p, "reasons", full), "readiness says so")  # type: ignore[misc]
            assert await measures(suite, process, RATIO) >= 0.99
        told = (await asked(suite, "intake-1", "/readyz")).text
        assert "tribune up --max-file" in told, "and what to do"
        status = await asyncio.to_thread(where.tribune, "status", "--json")
        assert status.returncode == 1
        assert full in json.dumps(json.loads(status.stdout)["services"])
        assert "insufficient resources" in await refusal(client, some[half:])

        await client.jetstream().delete_stream("BALLAST")
        for process in ("intake-1", "promotion-1", "publishing-1"):
            await until(lambda p=process: is_ready(suite, p), "it is ready again")  # type: ignore[misc]
        assert await send(client, some) == len(some)
        await settled(client)
        await client.close()
        assert await suite.ends(signal.SIGTERM) == 0
    assert full in (where.data_dir / "intake-1.log").read_text()


@pytest.mark.deep
async def test_with_more_given_at_the_next_start_it_goes_on_too(where: Home) -> None:
    some = events(ROWS)
    async with up(where, "--max-file", MAX_FILE) as suite:
        await suite.runs()
        client = await connect(suite.facts["nats_url"], "test", suite.keys.root())
        await client.jetstream().add_stream(StreamConfig(name="BALLAST", subjects=["ballast.>"]))
        with pytest.raises(APIError):
            while True:
                await put_in(client, 900 * KB)
        await client.close()
    async with up(where, "--max-file", "80MB") as suite:
        await suite.runs()
        client = await connect(suite.facts["nats_url"], "test", suite.keys.root())
        assert await send(client, some) == len(some)
        await client.close()
