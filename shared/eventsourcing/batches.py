"""Events of many aggregates in as few appends as there may be; an aggregate is never divided."""

from collections.abc import Mapping, Sequence

from shared.eventsourcing.errors import TooLargeError
from shared.eventsourcing.event_store import AggregateKey, Append, EventStore, NewEvent

LARGEST_BATCH = 500


async def append_all(
    store: EventStore,
    expected: Mapping[AggregateKey, int],
    fresh: Mapping[AggregateKey, Sequence[NewEvent]],
) -> dict[AggregateKey, int]:
    """The sequence of each aggregate's first new event.

    Raises what the store raises; batches that came before are in the log then.
    """
    first: dict[AggregateKey, int] = {}
    for batch in _batches(expected, fresh):
        first |= await _append(store, batch)
    return first


def _batches(
    expected: Mapping[AggregateKey, int], fresh: Mapping[AggregateKey, Sequence[NewEvent]]
) -> list[list[Append]]:
    """By number, and each for one stream."""
    batches: list[list[Append]] = []
    size = LARGEST_BATCH + 1
    in_order = sorted(fresh, key=lambda key: key.stream)
    for key in in_order:
        if news := fresh[key]:
            if size + len(news) > LARGEST_BATCH or batches[-1][0].key.stream != key.stream:
                batches.append([])
                size = 0
            batches[-1].append(Append(key, expected[key], news))
            size += len(news)
    return batches


async def _append(store: EventStore, batch: list[Append]) -> dict[AggregateKey, int]:
    """What is too large together goes in halves; one aggregate alone may not go at all."""
    try:
        sequences = await store.append(batch)
    except TooLargeError:
        if len(batch) == 1:
            raise
        half = len(batch) // 2
        return await _append(store, batch[:half]) | await _append(store, batch[half:])
    return dict(zip((append.key for append in batch), sequences, strict=True))
