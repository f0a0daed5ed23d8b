"""Connects to the log server at moments that say nothing, and goes again.

The server greets whoever comes with the number of the connection, before it knows who that is, and
also by WebSocket. Who comes twice knows how many others came in between: so when a source that
connects for each report had one, or an operator gave a command. Among these single ones are lost.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import SystemRandom

from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.pipeline import heed_cancellation
from shared.runtime.runtime import Runtime

EVERY_S = 5.0
"""On the average. As long as the last was ago says nothing of when the next one comes."""

WITHIN_S = 10.0
_random = SystemRandom()


def pause_s() -> float:
    return _random.expovariate(1 / EVERY_S)


async def come_and_go(
    comes: Callable[[], Awaitable[None]], pause: Callable[[], float] = pause_s
) -> None:
    """Until cancelled. A server that is away is for others to tell."""
    while True:
        heed_cancellation()
        await asyncio.sleep(pause())
        with suppress(Exception):
            async with asyncio.timeout(WITHIN_S):
                await comes()


async def come(runtime: Runtime) -> None:
    """Once, as the program's own user: who looks on can't tell it from any other."""
    settings = runtime.settings
    whom, url = settings.credentials(runtime.name), settings.nats_url.get_secret_value()
    client = await connect(url, runtime.name, whom, authority=settings.authority, once=True)
    await client.close()
