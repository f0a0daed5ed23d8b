"""What is asked of the log server before anybody works on it: that it waits for the disk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client
from own_server import own_server

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.log_server import LogServer, NotMonitoredError
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer, free_port


@asynccontextmanager
async def asking(**settings: str) -> AsyncIterator[LogServer]:
    server = LogServer(Settings(**settings))  # type: ignore[arg-type]
    try:
        yield server
    finally:
        await server.close()


async def test_a_server_that_waits_for_the_disk_is_taken_without_a_word(
    server: NatsServer, bare_nats: Client
) -> None:
    async with asking(nats_monitor_url=server.monitor_url) as ours:
        assert await ours.require_sync(bare_nats) == ""
        state = await ours.state(bare_nats)
    assert state.sync_always
    assert state.store.most == 2 * 1024**3


@pytest.mark.parametrize("said", ["", "sync_interval: 2m", "sync_interval: 1s"])
async def test_one_that_does_not_is_refused_with_what_to_do(tmp_path: Path, said: str) -> None:
    with own_server(tmp_path, f"jetstream: {{max_file: 10MB, {said}}}") as unsynced:
        client = await connect(unsynced.url, "test")
        async with asking(nats_monitor_url=unsynced.monitor_url) as ours:
            with pytest.raises(LogDamagedError, match="Set `sync_interval: always`"):
                await ours.require_sync(client)
        async with asking(accept_unsynced="a laptop") as ours:
            assert await ours.require_sync(client) == "a laptop"
        await client.close()


async def test_nobody_is_taken_at_the_word_of_another_server(
    tmp_path: Path, bare_nats: Client
) -> None:
    with own_server(tmp_path, "jetstream: {max_file: 10MB, sync_interval: always}") as other:
        for url in (other.monitor_url, f"http://127.0.0.1:{free_port()}"):
            async with asking(nats_monitor_url=url) as ours:
                with pytest.raises(NotMonitoredError, match="set TRIBUNE_NATS_MONITOR_URL"):
                    await ours.require_sync(bare_nats)
