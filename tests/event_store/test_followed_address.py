"""A connection goes along with a server that begins again at another address."""

import asyncio

from shared.eventsourcing.jetstream.connection import Client, connect, follow_address
from shared.testing.servers import NatsServer, nats_server

WITHIN_S = 30.0


async def test_it_finds_the_server_at_its_new_address(log_server: NatsServer) -> None:
    """Which nobody knows for a while; and then at a third one."""
    where = [log_server.url]
    client = await connect(log_server.url, "test", once=True)
    follow_address(client, lambda: where[0])
    log_server.kill()
    where[0] = ""
    for _ in range(2):
        with nats_server() as other:
            assert other.url != log_server.url
            where[0] = other.url
            async with asyncio.timeout(WITHIN_S):
                while not (client.is_connected and port_of(client) == other.port):
                    await asyncio.sleep(0.01)
            await client.flush()
        async with asyncio.timeout(WITHIN_S):
            while client.is_connected:
                await asyncio.sleep(0.01)
    await client.close()


def port_of(client: Client) -> int | None:
    return client.connected_url.port if client.connected_url else None
