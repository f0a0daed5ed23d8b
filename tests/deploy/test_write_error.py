"""Why a server that can't write is killed, and what it says meanwhile is not taken for damage."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from real_suite import until
from small_disk import Disk, small_disk

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.runtime.log_server import LogServer
from shared.runtime.settings import Settings
from shared.runtime.watch import Watch
from shared.testing.servers import NatsServer, free_port

pytestmark = pytest.mark.deep

KB, MB = 1024, 1024**2
STREAMS = suite_streams({"boston": InboxLimits(max_bytes=MB)})
A_BLOCK = 8 * MB
MESSAGE = b"x" * 90 * KB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk", "64m") as mounted:
        yield mounted


@pytest.fixture
def server(disk: Disk) -> Iterator[NatsServer]:
    where = disk.folder / "nats"
    where.mkdir()
    running = NatsServer(where, free_port(), environment={"TRIBUNE_NATS_MAX_FILE": "1GB"})
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def client(server: NatsServer) -> AsyncIterator[Client]:
    client = await connect(server.url, "test")
    await declare(client.jetstream(), STREAMS)
    yield client
    await client.close()


@pytest.fixture
async def watch(server: NatsServer, client: Client) -> AsyncIterator[Watch]:
    asks = LogServer(Settings(nats_monitor_url=server.monitor_url))
    yield Watch(client, STREAMS, asks)
    await asks.close()


async def write_until_it_cant(server: NatsServer, client: Client, disk: Disk, watch: Watch) -> int:
    """INTAKE's next message needs a new block, and there is no room for one; the last sequence that
    was acknowledged."""
    stored = 0
    block = server.directory / "jetstream" / "$G" / "streams" / "INTAKE" / "msgs" / "1.blk"
    while not block.exists() or block.stat().st_size + len(MESSAGE) + KB < A_BLOCK:
        stored = (await client.jetstream().publish("intake.x", MESSAGE)).seq
    await watch.look()
    assert watch.reasons == []
    disk.fill()
    with suppress(NatsError, TimeoutError):
        stored = (await client.jetstream().publish("intake.x", MESSAGE, timeout=1)).seq

    async def is_told() -> bool:
        await watch.look()
        return any("write error" in reason for reason in watch.reasons)

    await until(is_told, "the watch says that it can't write")
    return stored


async def gone_from_intake(client: Client) -> int:
    return int((await client.jetstream().stream_info("INTAKE")).state.num_deleted or 0)


async def begins_again(server: NatsServer, client: Client) -> None:
    before = client.stats["reconnects"]
    server.start()

    async def is_connected() -> bool:
        return client.stats["reconnects"] > before and client.is_connected

    await until(is_connected, "the connection is there again")


async def test_killed_it_begins_again_with_all_that_it_acknowledged_and_without_a_gap(
    server: NatsServer, client: Client, disk: Disk, watch: Watch
) -> None:
    last = await write_until_it_cant(server, client, disk, watch)
    assert await gone_from_intake(client) == 1, "it counts what it could not store"
    await watch.look()
    (reason, *_) = watch.reasons
    assert "no space left on device" in reason
    assert "`docker compose kill nats`" in reason
    server.kill()
    await watch_away(watch)
    assert any("is full, " in reason for reason in watch.reasons), "the disk, not the connection"
    disk.make_room()
    await begins_again(server, client)
    await watch.look()
    assert watch.reasons == []
    assert await gone_from_intake(client) == 0
    assert (await client.jetstream().publish("intake.x", MESSAGE)).seq == last + 1
    await watch.look()


async def test_stopped_in_good_order_it_writes_down_a_gap_that_stays(
    server: NatsServer, client: Client, disk: Disk, watch: Watch
) -> None:
    """If a newer server does not, `tribune up` and docker compose may stop it like everything."""
    await write_until_it_cant(server, client, disk, watch)
    disk.make_room()
    await asyncio.to_thread(server.stop)
    await begins_again(server, client)
    assert await gone_from_intake(client) == 1
    with pytest.raises(LogDamagedError, match="gone from its middle"):
        await watch.look()


async def watch_away(watch: Watch) -> None:
    with suppress(NatsError, OSError, TimeoutError):
        await watch.look()
