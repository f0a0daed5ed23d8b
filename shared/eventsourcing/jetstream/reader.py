"""Reads a stream in order from a sequence on, in batches, without losing or skipping a message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import ExpiredError, LogDamagedError, LogUnavailableError
from shared.eventsourcing.jetstream.message import Message, ReadFrom
from shared.eventsourcing.jetstream.standing_pull import StandingPull
from shared.eventsourcing.lease import heed_lease
from shared.eventsourcing.pipeline import heed_cancellation

__all__ = ["Message", "ReadFrom", "Reader", "open_reader"]

MORE_WITHIN_S, PAUSE_S = 0.02, 0.001
BEGINS_TRIED = 5


class Reader:
    """Use `open_reader`."""

    def __init__(self, client: Client, source: ReadFrom) -> None:
        self._client = client
        self._source = source
        self._jetstream = client.jetstream()
        self._pull = StandingPull(client, source)
        self._next = source.start
        self._delivery = 0
        self._in_vain = 0
        self._done_reply = ""

    @property
    def has_more(self) -> bool:
        """Whether the next batch is here already."""
        return bool(self._pull.messages)

    async def next(self) -> list[Message]:
        """What has arrived, at least one message.

        Raises LogDamagedError on a gap in a stream that is read whole, or if it ends too early, and
        LogUnavailableError if deliveries get lost again and again.
        """
        pull = self._pull
        while True:
            heed_cancellation()
            if self._client.is_connected:
                if not pull.is_alive():
                    await self._begin_again()
                await pull.ask()
            if pull.messages:
                await self._let_more_come()
                batch = await self._take()
                if batch:
                    self._in_vain = 0
                    return batch
                await self._acknowledge()  # all of it was old: an acknowledgement got lost
                continue
            pull.arrived.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await pull.arrived.wait()

    async def through(self, last: int) -> AsyncIterator[list[Message]]:
        """Batch by batch until `last` was read, or a message behind it; there has to be one."""
        while self._next <= last:
            yield await self.next()

    async def done_with(self, batch: list[Message]) -> None:
        """Tell the server how far the durable work is, for operators to see the lag.

        Batches that were taken ahead of it stay unacknowledged.
        """
        self._done_reply = batch[-1].reply
        await self._acknowledge()

    async def _acknowledge(self) -> None:
        if self._source.name and self._done_reply and self._client.is_connected:
            await self._client.publish(self._done_reply, b"+ACK")

    async def close(self) -> None:
        await self._pull.close()

    async def _let_more_come(self) -> None:
        """While there is more, a fuller batch costs less; who has caught up waits for nothing."""
        patience = MORE_WITHIN_S
        messages = self._pull.messages
        while patience > 0 and messages and len(messages) < self._source.batch:
            if messages[-1].pending == 0:
                return
            await asyncio.sleep(PAUSE_S)
            patience -= PAUSE_S

    async def _take(self) -> list[Message]:
        """As far as nothing is missing. A delivery that is missing is asked for again; a sequence
        that is missing, though every delivery came, is missing in the stream."""
        batch: list[Message] = []
        pull = self._pull
        while pull.messages and len(batch) < self._source.batch:
            message = pull.take()
            if message.delivery != self._delivery + 1:
                self._lost()
                break
            self._delivery += 1
            if message.sequence < self._next:
                continue
            if self._misses_any(message.sequence):
                if not batch:
                    await self._refuse_gap(message.sequence)
                self._lost()
                break
            self._next = message.sequence + 1
            batch.append(message)
        return batch

    def _misses_any(self, following: int) -> bool:
        """Whether something before it is missing that should be there."""
        due = max(self._next, self._source.gaps_through + 1)
        return self._source.refuses_gaps and following > due

    def _lost(self) -> None:
        """What was under way can't be used: it is asked for again, but not for ever."""
        self._pull.messages.clear()
        self._pull.broken = "something is missing"
        self._in_vain += 1
        if self._in_vain > BEGINS_TRIED:
            raise LogUnavailableError(
                f"{self._source.stream}: what comes after {self._next - 1} gets lost on its way"
            )

    async def _refuse_gap(self, following: int) -> None:
        """Unless the message is there after all."""
        stream, due = self._source.stream, max(self._next, self._source.gaps_through + 1)
        try:
            await self._jetstream.get_msg(stream, due)
        except NotFoundError:
            raise LogDamagedError(f"{stream} has no message {due}, next is {following}") from None

    async def _begin_again(self) -> None:
        """At the next sequence, if it is still ours to read."""
        await heed_lease()
        state = (await self._jetstream.stream_info(self._source.stream)).state
        if self._next > state.last_seq + 1:
            raise LogDamagedError(
                f"{self._source.stream} ends at {state.last_seq}, but {self._next - 1} was read"
                " before: the log went backwards"
            )
        if self._misses_any(state.first_seq):
            await self._refuse_beginning(state.first_seq)
        await self._pull.begin(self._next)
        self._delivery, self._done_reply = 0, ""

    async def _refuse_beginning(self, first: int) -> None:
        """An inbox forgets after its age; a log never does."""
        info = await self._jetstream.stream_info(self._source.stream)
        said = f"{self._source.stream} begins at {first}, but {self._next} was not read yet"
        raise ExpiredError(said) if info.config.max_age else LogDamagedError(said)


@asynccontextmanager
async def open_reader(client: Client, source: ReadFrom) -> AsyncIterator[Reader]:
    reader = Reader(client, source)
    try:
        yield reader
    finally:
        await reader.close()
