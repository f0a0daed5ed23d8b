"""Asks a service by request and reply."""

import json
from typing import Any

from shared.eventsourcing.jetstream.connection import Client


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
