"""An event store in memory, with the rules of the real one; for quick tests."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields

from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.errors import ConcurrencyError, RefusedAppendError, TooLargeError
from shared.eventsourcing.event_store import (
    AggregateKey,
    Append,
    End,
    Loaded,
    NewEvent,
    RecordedEvent,
    Since,
    nobody_listens,
)

MOST_EVENTS = 1000
LARGEST_EVENT, LARGEST_BATCH = 4 * 1024 * 1024, 8 * 1024 * 1024


class InMemoryEventStore:
    def __init__(self) -> None:
        self.streams: dict[str, list[RecordedEvent]] = {}
        self._last: dict[AggregateKey, int] = {}
        self._of: defaultdict[AggregateKey, list[RecordedEvent]] = defaultdict(list)

    async def append(
        self, appends: Sequence[Append], sent: Callable[[], None] = nobody_listens
    ) -> list[int]:
        _refuse_what_jetstream_refuses(appends)
        first = {append.key: append.expected for append in reversed(appends)}
        if any(self._last.get(key, 0) != expected for key, expected in first.items()):
            raise ConcurrencyError
        first_sequences = []
        for append in appends:
            stream = self.streams.setdefault(append.key.stream, [])
            first_sequences.append(len(stream) + 1)
            for new in append.events:
                recorded = _recorded(new, len(stream) + 1)
                stream.append(recorded)
                self._of[append.key].append(recorded)
            self._last[append.key] = len(stream)
        sent()
        return first_sequences

    async def load(self, key: AggregateKey) -> list[RecordedEvent]:
        return list(self._of.get(key, ()))

    async def load_since(self, key: AggregateKey, since: Since) -> list[RecordedEvent] | None:
        events = await self.load(key)
        known = events[since.revision - 1 : since.revision]
        if not known or (known[0].id, known[0].sequence) != (since.last_id, since.sequence):
            return None
        return events[since.revision :]

    async def load_all(self, keys: Sequence[AggregateKey]) -> dict[AggregateKey, Loaded]:
        return {key: await self.load(key) for key in keys}

    async def ends(self, keys: Sequence[AggregateKey]) -> dict[AggregateKey, End]:
        ends = {}
        for key in keys:
            events = await self.load(key)
            ends[key] = End(events[-1].sequence, events[-1].id) if events else End()
        return ends


def _refuse_what_jetstream_refuses(appends: Sequence[Append]) -> None:
    events = [new for append in appends for new in append.events]
    if len({append.key.stream for append in appends}) > 1:
        raise RefusedAppendError("a batch belongs into one stream")
    if len(events) > MOST_EVENTS:
        raise RefusedAppendError(f"{len(events):,} events; {MOST_EVENTS:,} are the most")
    sizes = [_size(new) for new in events]
    if max(sizes) > LARGEST_EVENT or (len(events) > 1 and sum(sizes) > LARGEST_BATCH):
        raise TooLargeError(f"{max(sizes):,} bytes in one event, {sum(sizes):,} in all")


def _size(new: NewEvent) -> int:
    subject, headers, body = PLAIN.encode(new)
    return len(subject) + len(body) + sum(len(name) + len(text) for name, text in headers.items())


def _recorded(new: NewEvent, sequence: int) -> RecordedEvent:
    values = {field.name: getattr(new, field.name) for field in fields(NewEvent)}
    return RecordedEvent(**values, sequence=sequence)
