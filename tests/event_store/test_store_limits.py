"""What every event store refuses, in memory as on JetStream: nothing of it is stored, and what just
fits is."""

import pytest
from appends import LARGEST_ATOMIC_BATCH, ONE, appending, credited, report_key

from shared.contracts.event import Event
from shared.eventsourcing.errors import RefusedAppendError, TooLargeError
from shared.eventsourcing.event_store import AggregateKey, Append, EventStore
from shared.testing.examples import REPORT_ANSWERED, REPORT_FILED, new_event


async def test_a_batch_belongs_into_one_stream(store: EventStore) -> None:
    """Refused at once, for it could never be stored whole."""
    both = [appending(ONE, REPORT_FILED), credited(report_key(20))]
    for order in (both, both[::-1]):
        with pytest.raises(RefusedAppendError):
            await store.append(order)
    assert await store.load(ONE) == []
    assert await store.load(both[1].key) == []


def oversize(size: int) -> Event:
    """More than a contract lets pass, as a bug of ours would make it."""
    return REPORT_ANSWERED.model_copy(update={"answer": "x" * size})


def answering(key: AggregateKey, *sizes: int) -> Append:
    events = [oversize(size).model_copy(update={"report_id": key.id}) for size in sizes]
    news = [new_event(event, n + 1, "answer", n) for n, event in enumerate(events)]
    return Append(key, 0, news)


async def test_an_event_that_is_larger_than_a_message_may_be_is_refused(store: EventStore) -> None:
    largest = 4 * 1024 * 1024
    for append in (answering(ONE, largest), answering(ONE, 10, largest, 10)):
        with pytest.raises(TooLargeError):
            await store.append([append])
    assert await store.load(ONE) == []
    assert await store.append([answering(ONE, largest - 2_000)]) == [1]


async def test_a_batch_that_is_larger_than_the_server_takes_is_refused(store: EventStore) -> None:
    """Though each of its events is legal; and what fits is stored."""
    fits, more = [800_000] * 10, [800_000] * 11
    keys = [report_key(number) for number in range(11)]
    for appends in (
        [answering(ONE, *more)],
        [answering(key, size) for key, size in zip(keys, more, strict=True)],
    ):
        with pytest.raises(TooLargeError):
            await store.append(appends)
    assert await store.load(ONE) == []
    assert await store.append([answering(ONE, *fits)]) == [1]


async def test_a_batch_of_too_many_events_is_refused(store: EventStore) -> None:
    keys = [report_key(number) for number in range(LARGEST_ATOMIC_BATCH + 1)]
    with pytest.raises(RefusedAppendError):
        await store.append([appending(key, REPORT_FILED) for key in keys])
    assert await store.load(ONE) == []
