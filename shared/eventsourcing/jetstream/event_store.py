"""The event store on JetStream: what is appended, and that our own append is known again."""

from collections.abc import Callable, Sequence

from nats.aio.client import Client

from shared.eventsourcing.codec import PLAIN, Codec, Seal
from shared.eventsourcing.errors import ConcurrencyError, RefusedAppendError
from shared.eventsourcing.event_store import AggregateKey, Append, nobody_listens
from shared.eventsourcing.jetstream.append import InDoubtError, Publisher, expecting
from shared.eventsourcing.jetstream.loading import Loader
from shared.eventsourcing.jetstream.wire import Outgoing


class JetStreamEventStore(Loader):
    def __init__(self, client: Client, codec: Codec = PLAIN) -> None:
        super().__init__(client, codec)
        self._publisher = Publisher(client)

    async def append(
        self, appends: Sequence[Append], sent: Callable[[], None] = nobody_listens
    ) -> list[int]:
        if len({append.key.stream for append in appends}) > 1:
            raise RefusedAppendError("a batch belongs into one stream")
        news = (new for append in appends for new in append.events)
        messages = self._outgoing(appends, await self._codec.ahead(news))
        try:
            last = await self._publisher.publish(messages, sent)
        except InDoubtError:
            return await self._found(appends)
        sequence = last - len(messages) + 1
        first_sequences = []
        for append in appends:
            first_sequences.append(sequence)
            sequence += len(append.events)
        return first_sequences

    async def _found(self, appends: Sequence[Append]) -> list[int]:
        """After a lost answer: if our events are in the log right behind what was expected, the
        append had succeeded. Elsewhere another process wrote them, and knew what we do not."""
        ours: dict[AggregateKey, list[str]] = {}
        for append in appends:
            ours.setdefault(append.key, []).extend(new.id for new in append.events)
        expected = {append.key: append.expected for append in reversed(appends)}
        sequences: dict[str, int] = {}
        for key, loaded in (await self.load_all(list(ours))).items():
            if isinstance(loaded, Exception):
                raise loaded
            behind = [recorded for recorded in loaded if recorded.sequence > expected[key]]
            own = behind[: len(ours[key])]
            if [recorded.id for recorded in own] != ours[key]:
                raise ConcurrencyError(f"a {key.category} was changed by somebody else")
            sequences |= {recorded.id: recorded.sequence for recorded in own}
        return [sequences[append.events[0].id] for append in appends]

    def _outgoing(self, appends: Sequence[Append], seal: Seal | None) -> list[Outgoing]:
        """Only an aggregate's first event carries the expectation: the server refuses more."""
        messages = []
        expected: set[AggregateKey] = set()
        for append in appends:
            for new in append.events:
                subject, headers, body = self._codec.encode(new, seal)
                if append.key not in expected:
                    expected.add(append.key)
                    headers |= expecting(append.expected, append.key.filter)
                messages.append(Outgoing(subject, body, headers))
        return messages
