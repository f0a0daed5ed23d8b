"""Questions that only the process which owns a loop can answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

Answer = Callable[[Any], Awaitable[Any]]


@asynccontextmanager
async def answering(client: Client, subject: str, answer: Answer) -> AsyncIterator[None]:
    """Meanwhile questions on a subject are answered, JSON for JSON; several at a time."""
    under_way: set[asyncio.Task[None]] = set()

    async def reply(message: Msg) -> None:
        said = await answer(json.loads(message.data or b"null"))
        await message.respond(json.dumps(said).encode())

    async def receive(message: Msg) -> None:
        task = asyncio.create_task(reply(message))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    subscription = await client.subscribe(subject, cb=receive)
    try:
        yield
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        with suppress(NatsError):
            await subscription.unsubscribe()
