"""What replicas of one service tell each other just now: in no stream, and lost on who is away."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

LARGEST = 1_024
Hear = Callable[[dict[str, Any]], None]


class Whispers:
    """Whoever says something hears it, too. Nothing depends on it: where it is not allowed, or the
    log is away, each replica knows its own."""

    def __init__(self, client: Client, service: str) -> None:
        self._client = client
        self._subject = f"among.{service}"

    async def say(self, what: dict[str, Any]) -> None:
        with suppress(NatsError, TimeoutError, OSError):
            await self._client.publish(self._subject, json.dumps(what).encode())

    async def follow(self, hear: Hear) -> None:
        """Until cancelled."""
        subscription = await self._client.subscribe(self._subject)
        try:
            async for message in subscription.messages:
                if len(message.data) > LARGEST:
                    continue
                with suppress(ValueError, RecursionError):
                    said = json.loads(message.data)
                    if isinstance(said, dict):
                        hear(said)
        finally:
            with suppress(NatsError, OSError):
                await subscription.unsubscribe()
