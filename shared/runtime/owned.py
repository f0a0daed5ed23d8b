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

AT_ONCE = 8
ANSWERED_WITHIN_S = 60.0


@asynccontextmanager
async def answering(client: Client, subject: str, answer: Answer) -> AsyncIterator[None]:
    """Meanwhile questions on a subject are answered, JSON for JSON; several at a time, and none for
    longer than who asked it may wait. `answer` raises ValueError for what is no question."""
    under_way: set[asyncio.Task[None]] = set()

    async def reply(message: Msg) -> None:
        with suppress(NatsError, TimeoutError):
            try:
                async with asyncio.timeout(ANSWERED_WITHIN_S):
                    said = await answer(json.loads(message.data or b"null"))
            except (ValueError, RecursionError):
                await _refuse(client, message, 400, "Invalid question")
            else:
                await message.respond(json.dumps(said).encode())

    async def receive(message: Msg) -> None:
        if len(under_way) >= AT_ONCE:
            await _refuse(client, message, 503, "Too many questions")
            return
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


async def _refuse(client: Client, message: Msg, status: int, title: str) -> None:
    """As commands are refused."""
    if message.reply:
        detail = f"{message.subject} was not answered."
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        headers = {"status": str(status)}
        with suppress(NatsError):
            await client.publish(message.reply, json.dumps(problem).encode(), headers=headers)
