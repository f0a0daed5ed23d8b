"""An event store in memory, with the rules of the real one; for quick tests."""

from collections.abc import Sequence
from dataclasses import fields

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, Append, NewEvent, RecordedEvent


class InMemoryEventStore:
    def __init__(self) -> None:
        self.streams: dict[str, list[RecordedEvent]] = {}
        self._last: dict[AggregateKey, int] = {}

    async def append(self, appends: Sequence[Append]) -> list[int]:
        if any(self._last.get(append.key, 0) != append.expected for append in appends):
            raise ConcurrencyError
        first_sequences = []
        for append in appends:
            stream = self.streams.setdefault(append.key.stream, [])
            first_sequences.append(len(stream) + 1)
            for new in append.events:
                stream.append(_recorded(new, len(stream) + 1))
            self._last[append.key] = len(stream)
        return first_sequences

    async def load(self, key: AggregateKey) -> list[RecordedEvent]:
        return [
            recorded
            for recorded in self.streams.get(key.stream, [])
            if recorded.event.aggregate == key.category and recorded.event.aggregate_id == key.id
        ]


def _recorded(new: NewEvent, sequence: int) -> RecordedEvent:
    values = {field.name: getattr(new, field.name) for field in fields(NewEvent)}
    return RecordedEvent(**values, sequence=sequence)
