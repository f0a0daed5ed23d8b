"""The number that the log server greets with tells who comes again of no single other one."""

import asyncio
import json
from statistics import mean

from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.comings import EVERY_S, come_and_go, pause_s
from shared.testing.servers import NatsServer


async def greeted(server: NatsServer) -> int:
    """As anybody is, before he says who he is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    greeting = await reader.readline()
    writer.close()
    number: int = json.loads(greeting.removeprefix(b"INFO "))["client_id"]
    return number


async def test_somebody_comes_whether_anybody_has_a_reason_or_not(server: NatsServer) -> None:
    came = asyncio.Semaphore(0)

    async def comes() -> None:
        await (await connect(server.url, "test", once=True)).close()
        came.release()

    before = await greeted(server)
    running = asyncio.create_task(come_and_go(comes, lambda: 0.0))
    async with asyncio.timeout(30):
        for _ in range(3):
            await came.acquire()
    running.cancel()
    assert await greeted(server) - before > 3


async def test_a_server_that_is_away_ends_nothing() -> None:
    tries = asyncio.Semaphore(0)

    async def comes() -> None:
        tries.release()
        raise OSError

    running = asyncio.create_task(come_and_go(comes, lambda: 0.0))
    async with asyncio.timeout(30):
        for _ in range(3):
            await tries.acquire()
    running.cancel()


def test_pauses_are_of_any_length() -> None:
    drawn = [pause_s() for _ in range(4_000)]
    assert abs(mean(drawn) - EVERY_S) < 1
    assert min(drawn) < 0.1
    assert max(drawn) > 4 * EVERY_S
