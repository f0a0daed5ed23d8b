"""Asks a service by request and reply."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from nats.errors import Error as NatsError

from shared.eventsourcing.jetstream.connection import Client

T = TypeVar("T")

TRIES, TRY_AGAIN_S = 120, 0.25


class NotDoneError(Exception):
    """The service refused or failed, and says why."""


async def ask(
    client: Client, service: str, query: str = "progress", body: Any = None, *, within_s: float = 10
) -> Any:
    """The answer of `query.{service}.{query}`."""
    return await request(client, f"query.{service}.{query}", body, within_s=within_s)


async def request(client: Client, subject: str, body: Any = None, *, within_s: float = 10) -> Any:
    """Raises NotDoneError with the problem's words; or NoRespondersError, TimeoutError."""
    answer = await client.request(subject, json.dumps(body or {}).encode(), timeout=within_s)
    said = json.loads(answer.data)
    if (answer.headers or {}).get("status", "200") >= "400":
        raise NotDoneError(f"{said['title']}: {said['detail']}")
    return said


async def outlasting(client: Client, question: Callable[[], Awaitable[T]]) -> T:
    """Ask again while NATS or a service is away for a while, as after a crash."""
    for _ in range(TRIES):
        try:
            return await question()
        except (NatsError, OSError, TimeoutError):
            if client.is_closed:
                raise
            await asyncio.sleep(TRY_AGAIN_S)
    return await question()
