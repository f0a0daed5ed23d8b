"""A consumer of our own and a standing pull on it: messages arrive while we work on others."""

import asyncio
import json
import time
from collections import deque
from contextlib import suppress
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.eventsourcing.jetstream.message import Message, ReadFrom, message_of
from shared.eventsourcing.jetstream.protocol import deliver_directly, deliver_no_more

STANDING_PULL_S = 30.0
HEARTBEAT_S = 2.0
SELDOM_S = 14.0
"""Between heartbeats for who has several filters: before each one the server looks for a match
anew, and where all subjects of a stream begin alike it looks at every one of them."""
ACK_WAIT_S = 30.0
GONE_AFTER_S = 60.0
BYTES_AHEAD = 8 * 1024 * 1024
"""Of one request, and of what lies here: a server hangs up on who takes too slowly."""


class StandingPull:
    """`arrived` is set whenever something came; `broken` says why nothing will come any more.

    The consumer is new each time and has a name of its own, so that nobody can take messages from
    another, not even a process that was frozen; the server forgets it soon after we are gone.
    """

    def __init__(self, client: Client, source: ReadFrom) -> None:
        self._client = client
        self._source = source
        self._heartbeat_s = SELDOM_S if len(source.filters) > 1 else HEARTBEAT_S
        self._jetstream = client.jetstream()
        self._consumer = ""
        self._inbox = ""
        self._subscription: Subscription | None = None
        self._buffered_bytes = 0
        self._asked = 0
        self._last_sign = 0.0
        self._reconnects = 0
        self.messages: deque[Message] = deque()
        self.arrived = asyncio.Event()
        self.broken: str | None = "not started"

    async def begin(self, start: int) -> None:
        """A new consumer at this sequence; all that was under way is forgotten."""
        await self.close()
        self._reconnects = self._client.stats["reconnects"]
        source = self._source
        self._consumer = f"{source.name or 'reader'}-{uuid4().hex[:12]}"
        config = ConsumerConfig(
            name=self._consumer,
            ack_policy=AckPolicy.ALL if source.name else AckPolicy.NONE,
            filter_subjects=list(source.filters) or None,
            headers_only=source.headers_only or None,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=max(start, 1),
            ack_wait=ACK_WAIT_S if source.name else None,
            max_ack_pending=10 * source.batch if source.name else None,
            inactive_threshold=GONE_AFTER_S,
            mem_storage=True,
        )
        await self._jetstream.add_consumer(source.stream, config)
        self._inbox = self._client.new_inbox()
        self._subscription = await self._client.subscribe(self._inbox)
        deliver_directly(self._client, self._subscription, self._receive)
        self._asked, self.broken = 0, None
        self._last_sign = time.monotonic()

    def is_alive(self) -> bool:
        """Not after a reconnect, nor when heartbeats stay out."""
        return (
            self.broken is None
            and self._reconnects == self._client.stats["reconnects"]
            and time.monotonic() < self._last_sign + 2.5 * self._heartbeat_s
        )

    async def ask(self) -> None:
        """For more, while few are asked for and little lies here."""
        size = self._source.batch
        if self._asked > size // 2 or len(self.messages) >= 2 * size:
            return
        if self._buffered_bytes >= BYTES_AHEAD:
            return
        wanted = 2 * size - self._asked
        self._asked += wanted
        request = {
            "batch": wanted,
            "max_bytes": BYTES_AHEAD,
            "expires": int(STANDING_PULL_S * 1e9),
            "idle_heartbeat": int(self._heartbeat_s * 1e9),
        }
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._source.stream}.{self._consumer}",
            json.dumps(request).encode(),
            self._inbox,
        )

    def take(self) -> Message:
        message = self.messages.popleft()
        self._buffered_bytes -= len(message.body)
        return message

    async def close(self) -> None:
        subscription, self._subscription = self._subscription, None
        self.messages.clear()
        self._buffered_bytes = 0
        self.broken = "closed"
        if subscription is not None:
            deliver_no_more(self._client, subscription)
            with suppress(Exception):
                await subscription.unsubscribe()
            with suppress(Exception):
                await self._jetstream.delete_consumer(self._source.stream, self._consumer)

    def _receive(self, subject: bytes, reply: bytes, lines: bytes, body: bytes) -> None:
        """Only a delivery has a reply subject to acknowledge; the rest is the server's status."""
        self._last_sign = time.monotonic()
        if reply.startswith(b"$JS.ACK."):
            try:
                message = message_of(subject, reply, lines, body)
            except ValueError:
                return
            self.messages.append(message)
            self._buffered_bytes += len(body)
            self._asked -= 1
        else:
            status, description = _status(lines)
            if status == "100":
                return
            self._asked = 0
            if status == "503" or "eleted" in description:
                self.broken = description or "no responders"
        self.arrived.set()


def _status(lines: bytes) -> tuple[str, str]:
    """Its number and what it says, from the first line."""
    first = lines.partition(b"\r\n")[0].decode("utf-8", "replace")
    _, _, said = first.partition(" ")
    number, _, description = said.strip().partition(" ")
    return number, description
