"""A watch over the suite's streams, before and after they are declared."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from watched import BOSTON, WITHIN_S

from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime.log_server import LogServer
from shared.runtime.settings import Settings
from shared.runtime.watch import Watch
from shared.testing.servers import NatsServer


@pytest.fixture
async def watch(server: NatsServer, bare_nats: Client) -> AsyncIterator[Watch]:
    asks = LogServer(Settings(nats_monitor_url=server.monitor_url))
    yield Watch(bare_nats, suite_streams(BOSTON), asks)
    await asks.close()


@pytest.fixture
async def declared(watch: Watch, bare_nats: Client) -> Client:
    """Everything is there and was looked at."""
    await declare(bare_nats.jetstream(), suite_streams(BOSTON))
    await watch.look()
    async with asyncio.timeout(WITHIN_S):
        while watch.reasons:  # a stream of the test before is still being removed
            await watch.look()
    assert (watch.missing, watch.warnings) == ([], [])
    return bare_nats
