"""The event store on JetStream."""

import asyncio
import json
from collections.abc import Sequence

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.eventsourcing.cloudevents import decode, encode
from shared.eventsourcing.errors import ConcurrencyError, LogUnavailableError
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.jetstream.append import InDoubtError, Outgoing, Publisher, expecting

PAGE = 1000
ANSWER_WITHIN = 5.0


class JetStreamEventStore:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._publisher = Publisher(client)

    async def append(self, appends: Sequence[Append]) -> list[int]:
        messages = [message for append in appends for message in _outgoing(append)]
        try:
            last = await self._publisher.publish(messages)
        except InDoubtError:
            return await self._found(appends)
        sequence = last - len(messages) + 1
        first_sequences = []
        for append in appends:
            first_sequences.append(sequence)
            sequence += len(append.events)
        return first_sequences

    async def load(self, key: AggregateKey) -> list[RecordedEvent]:
        events: list[RecordedEvent] = []
        after = 0
        while True:
            page, more = await self._page(key, after + 1)
            events += page
            if not more:
                return events
            after = page[-1].sequence

    async def _found(self, appends: Sequence[Append]) -> list[int]:
        """After a lost answer: if our events are in the log, the append had succeeded."""
        first_sequences = []
        for append in appends:
            at = {recorded.id: recorded.sequence for recorded in await self.load(append.key)}
            if any(new.id not in at for new in append.events):
                raise ConcurrencyError(append.key.filter)
            first_sequences.append(at[append.events[0].id])
        return first_sequences

    async def _page(self, key: AggregateKey, start: int) -> tuple[list[RecordedEvent], bool]:
        """Up to 1,000 events of one aggregate in one round trip, and whether there are more."""
        inbox = self._client.new_inbox()
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        events: list[RecordedEvent] = []

        async def receive(message: Msg) -> None:
            headers = message.headers or {}
            if "Nats-Sequence" not in headers:
                if not done.done():
                    done.set_result(int(headers.get("Nats-Num-Pending", 0)) > 0)
                return
            recorded = decode(headers, message.data, int(headers["Nats-Sequence"]))
            if recorded is not None:
                events.append(recorded)

        subscription = await self._client.subscribe(inbox, cb=receive)
        query = {"seq": start, "next_by_subj": key.filter, "batch": PAGE}
        try:
            await self._client.publish(
                f"$JS.API.DIRECT.GET.{key.stream}", json.dumps(query).encode(), reply=inbox
            )
            more = await asyncio.wait_for(done, ANSWER_WITHIN)
        except TimeoutError as error:
            raise LogUnavailableError(f"{key.stream} did not answer a load") from error
        finally:
            await subscription.unsubscribe()
        return events, more and bool(events)


def _outgoing(append: Append) -> list[Outgoing]:
    """Only the first event of an aggregate may carry the expectation (tried: the server refuses more)."""
    messages = []
    for index, new in enumerate(append.events):
        subject, headers, body = encode(new)
        if index == 0:
            headers |= expecting(append.expected, append.key.filter)
        messages.append(Outgoing(subject, body, headers))
    return messages
