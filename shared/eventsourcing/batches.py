"""Events in the order in which they were decided, in as few appends as there may be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from shared.eventsourcing.errors import TooLargeError
from shared.eventsourcing.event_store import (
    AggregateKey,
    Append,
    EventStore,
    NewEvent,
    nobody_listens,
)

LARGEST_BATCH = 500

Fresh = tuple[AggregateKey, Sequence[NewEvent]]
"""What one command led to; it goes whole or not at all."""


async def append_all(
    store: EventStore,
    expected: Mapping[AggregateKey, int],
    fresh: Sequence[Fresh],
    sent: Callable[[], None] = nobody_listens,
) -> list[int]:
    """The sequence of the first event of each; `expected` are the last sequences before them.
    `sent` is called once all are under way.

    Raises what the store raises; batches that came before are in the log then.
    """
    ends = dict(expected)
    found: list[int] = []
    batches = list(_batches(fresh))
    for number, batch in enumerate(batches, 1):
        found += await _append(
            store, ends, batch, sent if number == len(batches) else nobody_listens
        )
    return found


def _batches(fresh: Sequence[Fresh]) -> Iterator[list[Fresh]]:
    """By number, and each for one stream."""
    for _, of_stream in groupby(fresh, key=lambda each: each[0].stream):
        batch: list[Fresh] = []
        size = 0
        for each in of_stream:
            if batch and size + len(each[1]) > LARGEST_BATCH:
                yield batch
                batch, size = [], 0
            batch.append(each)
            size += len(each[1])
        yield batch


async def _append(
    store: EventStore,
    ends: dict[AggregateKey, int],
    batch: Sequence[Fresh],
    sent: Callable[[], None],
) -> list[int]:
    """What is too large together goes in halves; what one command led to may not go at all."""
    try:
        appends = [Append(key, ends[key], news) for key, news in batch]
        sequences = await store.append(appends, sent)
    except TooLargeError:
        if len(batch) == 1:
            raise
        half = len(batch) // 2
        first = await _append(store, ends, batch[:half], nobody_listens)
        return first + await _append(store, ends, batch[half:], sent)
    for (key, news), sequence in zip(batch, sequences, strict=True):
        ends[key] = sequence + len(news) - 1
    return sequences
