"""Reads a stream in order from a sequence on, in batches, without losing or skipping a message."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import ConcurrencyError, LogDamagedError
from shared.eventsourcing.jetstream.message import Message, ReadFrom, message_of
from shared.eventsourcing.pipeline import heed_cancellation

__all__ = ["Message", "ReadFrom", "Reader", "open_reader"]

STANDING_PULL_S = 30.0
HEARTBEAT_S = 2.0
ACK_WAIT_S = 30.0
MORE_WITHIN_S, PAUSE_S = 0.02, 0.005


class Reader:
    """A standing pull with heartbeats. Use `open_reader`."""

    def __init__(self, client: Client, source: ReadFrom) -> None:
        self._client = client
        self._source = source
        self._jetstream = client.jetstream()
        self._consumer = source.durable or f"read-{uuid4().hex}"
        self._next = source.start
        self._buffer: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._asked = 0
        self._last_sign = 0.0
        self._reconnects = 0
        self._broken: str | None = "not started"
        self._fresh = True
        self._gap_before = 0
        self._subscription: Subscription | None = None
        self._done_reply: str | None = None

    @property
    def has_more(self) -> bool:
        """Whether the next batch is here already."""
        return bool(self._buffer)

    async def next(self) -> list[Message]:
        """What has arrived, at least one message.

        Raises LogDamagedError on a gap in a stream that is read whole, or if it ends too early,
        and ConcurrencyError if another reader takes messages under the same durable name.
        """
        while True:
            heed_cancellation()
            if self._client.is_connected:
                if self._broken or self._is_silent():
                    await self._begin_again()
                await self._ask()
            if self._buffer:
                await self._let_more_come()
                batch = self._take()
                if batch:
                    return batch
                if self._gap_before:
                    await self._refuse_gap()
                await self._acknowledge()  # all of it was old: an acknowledgement got lost
                continue
            self._arrived.clear()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), 0.5)

    async def done_with(self, batch: list[Message]) -> None:
        """Tell the server how far the durable work is, for operators to see the lag.

        Batches that were taken ahead of it stay unacknowledged.
        """
        self._done_reply = batch[-1].reply
        await self._acknowledge()

    async def _acknowledge(self) -> None:
        if self._source.durable and self._done_reply and self._client.is_connected:
            await self._client.publish(self._done_reply, b"+ACK")

    async def close(self) -> None:
        if self._subscription is not None:
            with suppress(Exception):
                await self._subscription.unsubscribe()
        if not self._source.durable:
            with suppress(Exception):
                await self._jetstream.delete_consumer(self._source.stream, self._consumer)

    async def _let_more_come(self) -> None:
        """While there is more, a fuller batch costs less; who has caught up waits for nothing."""
        patience = MORE_WITHIN_S
        while patience > 0 and len(self._buffer) < self._source.batch:
            if message_of(self._buffer[-1]).pending == 0:
                return
            await asyncio.sleep(PAUSE_S)
            patience -= PAUSE_S

    def _take(self) -> list[Message]:
        batch: list[Message] = []
        whole = not self._source.filters
        while self._buffer and len(batch) < self._source.batch:
            raw = self._buffer.popleft()
            message = message_of(raw)
            if message.sequence < self._next:
                continue
            if whole and message.sequence != self._next:
                if not batch and self._fresh:
                    self._gap_before = message.sequence
                self._broken = "gap"
                self._buffer.clear()
                break
            self._fresh = False
            self._next = message.sequence + 1
            batch.append(message)
        return batch

    async def _refuse_gap(self) -> None:
        """A message that is there after all went to somebody else who reads under our name."""
        stream, following = self._source.stream, self._gap_before
        self._gap_before = 0
        try:
            await self._jetstream.get_msg(stream, self._next)
        except NotFoundError:
            raise LogDamagedError(
                f"{stream} has no message {self._next}, next is {following}"
            ) from None
        raise ConcurrencyError(f"somebody else reads {stream} as {self._consumer} too")

    def _is_silent(self) -> bool:
        now = asyncio.get_running_loop().time()
        return (
            self._reconnects != self._client.stats["reconnects"]
            or now > self._last_sign + 2.5 * HEARTBEAT_S
        )

    async def _begin_again(self) -> None:
        """(Re)create the consumer at the next sequence; all that was under way is forgotten."""
        await self.close()
        self._buffer.clear()
        self._reconnects = self._client.stats["reconnects"]
        source = self._source
        state = (await self._jetstream.stream_info(source.stream)).state
        if self._next > state.last_seq + 1:
            raise LogDamagedError(
                f"{source.stream} ends at {state.last_seq}, but {self._next - 1} was read before:"
                " the log went backwards"
            )
        limits = state.first_seq > self._next and state.messages > 0
        if limits and not source.filters:
            self._next = await self._after_expired(state.first_seq)
        config = ConsumerConfig(
            name=self._consumer,
            durable_name=source.durable,
            ack_policy=AckPolicy.ALL if source.durable else AckPolicy.NONE,
            filter_subjects=list(source.filters) or None,
            headers_only=source.headers_only or None,
            deliver_policy=DeliverPolicy.ALL if source.durable else DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=None if source.durable else max(self._next, 1),
            ack_wait=ACK_WAIT_S if source.durable else None,
            max_ack_pending=10 * source.batch if source.durable else None,
            inactive_threshold=None if source.durable else 60.0,
        )
        await self._jetstream.add_consumer(source.stream, config)
        if source.durable:
            start = max(self._next, 1)
            await self._jetstream.reset_consumer(source.stream, source.durable, seq=start)
        inbox = self._client.new_inbox()
        self._subscription = await self._client.subscribe(inbox, cb=self._receive)
        self._inbox = inbox
        self._asked, self._broken, self._fresh = 0, None, True
        self._done_reply = None
        self._last_sign = asyncio.get_running_loop().time()

    async def _after_expired(self, first: int) -> int:
        """An inbox forgets after its age; a log never does."""
        info = await self._jetstream.stream_info(self._source.stream)
        if not info.config.max_age:
            raise LogDamagedError(
                f"{self._source.stream} begins at {first}, but {self._next} was not read yet"
            )
        return first

    async def _ask(self) -> None:
        size = self._source.batch
        if self._asked > size // 2 or len(self._buffer) >= 2 * size:
            return
        wanted = 2 * size - self._asked
        self._asked += wanted
        request = {
            "batch": wanted,
            "expires": int(STANDING_PULL_S * 1e9),
            "idle_heartbeat": int(HEARTBEAT_S * 1e9),
        }
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._source.stream}.{self._consumer}",
            json.dumps(request).encode(),
            self._inbox,
        )

    async def _receive(self, message: Msg) -> None:
        """Only a delivery has a reply subject to acknowledge; the rest is the server's status."""
        self._last_sign = asyncio.get_running_loop().time()
        if message.reply.startswith("$JS.ACK."):
            self._buffer.append(message)
            self._asked -= 1
        else:
            headers = message.headers or {}
            status, description = headers.get("Status"), headers.get("Description", "")
            if status == "100":
                return
            self._asked = 0
            if status == "503" or "eleted" in description:
                self._broken = description or "no responders"
        self._arrived.set()


@asynccontextmanager
async def open_reader(client: Client, source: ReadFrom) -> AsyncIterator[Reader]:
    reader = Reader(client, source)
    try:
        yield reader
    finally:
        await reader.close()
