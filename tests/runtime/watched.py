"""What tests of the watch share: a watch over the streams of a suite, and how one is edited."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.js.api import StreamConfig

from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import InboxLimits, suite_streams
from shared.runtime.log_server import LogServer
from shared.runtime.settings import Settings
from shared.runtime.watch import Watch
from shared.testing.servers import NatsServer

KB, MB = 1024, 1024**2
WITHIN_S = 60.0
BOSTON = {"boston": InboxLimits(max_bytes=MB)}


@asynccontextmanager
async def watching(server: NatsServer) -> AsyncIterator[tuple[Client, Watch]]:
    client = await connect(server.url, "test")
    asks = LogServer(Settings(nats_monitor_url=server.monitor_url))
    try:
        yield client, Watch(client, suite_streams(BOSTON), asks)
    finally:
        await asks.close()
        await client.close()


async def edit(client: Client, name: str, change: Callable[[StreamConfig], None]) -> None:
    config = (await client.jetstream().stream_info(name)).config
    change(config)
    await client.jetstream().update_stream(config)
