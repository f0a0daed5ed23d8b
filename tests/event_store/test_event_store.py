"""What every event store promises; run against the one in memory and the one on JetStream, alone
and beside another stream that holds things of the same kinds and ids."""

import pytest
from appends import LARGEST_ATOMIC_BATCH, ONE, THREE, TWO, appending, credited, report_key

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, Append, EventStore
from shared.testing.examples import (
    DORCHESTER,
    MEMBER_ID,
    REPORT_ANSWERED,
    REPORT_CONFIRMED,
    REPORT_CREDITED,
    REPORT_FILED,
    new_event,
    varied,
)

MANY = 11


@pytest.fixture(params=["alone", "beside another stream"], autouse=True)
async def _another(request: pytest.FixtureRequest, store: EventStore) -> None:
    if request.param != "alone":
        keys = [report_key(number) for number in range(MANY)]
        await store.append([credited(key) for key in keys])


async def test_what_was_appended_is_loaded_as_it_was(store: EventStore) -> None:
    append = appending(ONE, REPORT_FILED, REPORT_CONFIRMED)
    assert await store.append([append]) == [1]
    loaded = await store.load(ONE)
    assert [recorded.sequence for recorded in loaded] == [1, 2]
    for new, recorded in zip(append.events, loaded, strict=True):
        for name in new.__slots__:
            assert getattr(recorded, name) == getattr(new, name)


async def test_an_aggregate_that_is_not_there_has_no_events(store: EventStore) -> None:
    assert await store.load(ONE) == []
    await store.append([appending(ONE, REPORT_FILED)])
    assert await store.load(TWO) == []


async def test_a_batch_gives_the_sequence_of_the_first_event_of_each_aggregate(
    store: EventStore,
) -> None:
    found = await store.append(
        [
            appending(ONE, REPORT_FILED, REPORT_CONFIRMED),
            appending(TWO, REPORT_FILED),
            appending(THREE, REPORT_FILED, REPORT_ANSWERED, REPORT_CONFIRMED),
        ]
    )
    assert found == [1, 3, 4]
    assert [recorded.sequence for recorded in await store.load(THREE)] == [4, 5, 6]


@pytest.mark.parametrize("size", [1, 2, LARGEST_ATOMIC_BATCH])
async def test_batches_of_any_size_are_stored_whole(store: EventStore, size: int) -> None:
    keys = [report_key(number) for number in range(size)]
    found = await store.append([appending(key, REPORT_FILED) for key in keys])
    assert found == list(range(1, size + 1))
    for number in (0, size // 2, size - 1):
        (recorded,) = await store.load(keys[number])
        assert recorded.sequence == number + 1


async def test_an_aggregate_may_grow_from_where_it_was(store: EventStore) -> None:
    await store.append([appending(ONE, REPORT_FILED), appending(TWO, REPORT_FILED)])
    await store.append([appending(ONE, REPORT_CONFIRMED, expected=1, revision=2)])
    assert [recorded.sequence for recorded in await store.load(ONE)] == [1, 3]
    assert [recorded.revision for recorded in await store.load(ONE)] == [1, 2]


@pytest.mark.parametrize("expected", [0, 2, 3])
async def test_another_last_sequence_than_expected_is_a_conflict(
    store: EventStore, expected: int
) -> None:
    await store.append([appending(ONE, REPORT_FILED), appending(TWO, REPORT_FILED)])
    with pytest.raises(ConcurrencyError):
        await store.append([appending(ONE, REPORT_CONFIRMED, expected=expected, revision=2)])
    assert len(await store.load(ONE)) == 1


async def test_the_expectation_covers_events_of_every_kind_and_place(store: EventStore) -> None:
    moved = varied(REPORT_ANSWERED, place=DORCHESTER)
    await store.append([appending(ONE, REPORT_FILED, moved)])
    with pytest.raises(ConcurrencyError):
        await store.append([appending(ONE, REPORT_CONFIRMED, expected=1, revision=2)])
    await store.append([appending(ONE, REPORT_CONFIRMED, expected=2, revision=3)])
    assert [r.event.place for r in await store.load(ONE)][1] == DORCHESTER


async def test_one_conflict_rejects_the_whole_batch(store: EventStore) -> None:
    await store.append([appending(TWO, REPORT_FILED)])
    with pytest.raises(ConcurrencyError):
        await store.append([appending(key, REPORT_FILED) for key in (ONE, TWO, THREE)])
    assert await store.load(ONE) == []
    assert await store.load(THREE) == []
    assert await store.append([appending(ONE, REPORT_FILED)]) == [2]


async def test_aggregates_of_one_id_but_different_kinds_are_strangers(store: EventStore) -> None:
    check = AggregateKey("intake", "check", ONE.id)
    await store.append([appending(ONE, REPORT_FILED)])
    assert await store.load(check) == []


async def test_two_streams_have_their_own_sequences_and_their_own_aggregates(
    store: EventStore,
) -> None:
    """Also where the id is the same."""
    (first,) = await store.append([credited(report_key(MANY))])
    filed = [appending(key, REPORT_FILED) for key in (ONE, report_key(MANY))]
    assert await store.append(filed) == [1, 2]
    (inside,) = await store.load(report_key(MANY))
    (outside,) = await store.load(credited(report_key(MANY)).key)
    assert (inside.sequence, outside.sequence) == (2, first)
    assert (inside.event.service, outside.event.service) == ("intake", "promotion")
    with pytest.raises(ConcurrencyError):
        await store.append([credited(report_key(MANY))])
    await store.append([appending(ONE, REPORT_CONFIRMED, expected=1, revision=2)])
    assert [recorded.sequence for recorded in await store.load(ONE)] == [1, 3]


async def test_aggregates_of_two_streams_are_loaded_together(store: EventStore) -> None:
    await store.append([appending(key, REPORT_FILED) for key in (ONE, TWO)])
    await store.append([credited(key) for key in map(report_key, (20, 21))])
    keys = [ONE, credited(report_key(21)).key, THREE, TWO, credited(report_key(20)).key]
    found = await store.load_all(keys)
    assert list(map(len, (found[key] for key in keys))) == [1, 1, 0, 1, 1]  # type: ignore[arg-type]
    for key in keys:
        assert found[key] == await store.load(key)


@pytest.mark.parametrize("places", [1, 7, 1100])
async def test_an_aggregate_of_more_than_a_thousand_events_is_loaded_whole_and_in_order(
    store: EventStore, places: int
) -> None:
    """Its events fall on one subject for each place: on few, they repeat."""
    key = AggregateKey("promotion", "member", MEMBER_ID)
    events = [
        varied(REPORT_CREDITED, report_id=f"{n:032x}", place=f"us.ma.p{n % places}")
        for n in range(2500)
    ]
    last = 0
    for start in range(0, len(events), 500):
        news = [
            new_event(event, start + index + 1, f"command {start}", index)
            for index, event in enumerate(events[start : start + 500])
        ]
        (first,) = await store.append([Append(key, last, news)])
        last = first + len(news) - 1
    loaded = await store.load(key)
    assert [recorded.event for recorded in loaded] == events
    assert [recorded.revision for recorded in loaded] == list(range(1, 2501))


async def test_an_aggregate_of_many_megabytes_is_loaded_whole(store: EventStore) -> None:
    events = [varied(REPORT_ANSWERED, answer=f"{n} ".ljust(20_000, ".")) for n in range(1200)]
    for start in range(0, len(events), 300):
        page = events[start : start + 300]
        await store.append([appending(ONE, *page, expected=start, revision=start + 1)])
    loaded = await store.load(ONE)
    assert [recorded.event.answer for recorded in loaded] == [event.answer for event in events]  # type: ignore[attr-defined]
