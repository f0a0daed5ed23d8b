"""A user of a locked server who tries what they may, and is told what they may not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import nats
from nats.aio.client import Client

from shared.eventsourcing.jetstream.credentials import Credentials, callbacks


@dataclass
class Tried:
    """A user's connection; `violations` are what the server refused."""

    client: Client
    violations: list[str] = field(default_factory=list)

    async def ask(
        self, subject: str, body: bytes = b"", reply: str = "", **headers: str
    ) -> list[bytes]:
        """What the server answers until it has worked through all that we said before."""
        inbox, answers = self.client.new_inbox(), []
        subscription = await self.client.subscribe(inbox)
        await self.client.publish(subject, body, reply or inbox, headers=headers or None)
        await self.client.flush()
        while not self.violations and not reply:
            try:
                message = await subscription.next_msg(0.5 if not answers else 0.05)
            except (TimeoutError, nats.errors.TimeoutError):
                break
            status = (message.headers or {}).get("Status", "")
            answers.append(f"status {status}".encode() if status else message.data)
        await subscription.unsubscribe()
        return answers


@asynccontextmanager
async def tried(url: str, credentials: Credentials) -> AsyncIterator[Tried]:
    violations: list[str] = []

    async def note(error: Exception) -> None:
        violations.append(str(error))

    jwt, sign = callbacks(credentials)
    client = await nats.connect(
        url,
        user_jwt_cb=jwt,
        signature_cb=sign,
        error_cb=note,
        allow_reconnect=False,
        max_reconnect_attempts=1,
    )
    try:
        yield Tried(client, violations)
    finally:
        await client.close()
