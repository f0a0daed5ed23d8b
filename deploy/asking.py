"""Asks a service by request and reply."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from nats.errors import Error as NatsError

from shared.eventsourcing.jetstream.connection import Client

T = TypeVar("T")

OUTAGE_S, TRY_AGAIN_S = 60.0, 0.25


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
    """Ask again as long as NATS or a service is away, but no longer than an outage may last."""
    loop = asyncio.get_running_loop()
    failing_since: float | None = None
    while True:
        began = loop.time()
        try:
            return await question()
        except (NatsError, OSError, TimeoutError):
            if failing_since is None or loop.time() - began > OUTAGE_S:
                failing_since = loop.time()
            if client.is_closed or loop.time() - failing_since > OUTAGE_S:
                raise
            await asyncio.sleep(TRY_AGAIN_S)
