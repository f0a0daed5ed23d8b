"""A log that is made of two streams: aggregates are stored, loaded and decided on as in one."""

import pytest
from appends import ONE, appending, report_key
from nats.aio.client import Client
from test_command_handler import answer, confirm, file, handler

from shared.contracts.routing import PARTITIONED, streams_of
from shared.eventsourcing.errors import ConcurrencyError, RefusedAppendError
from shared.eventsourcing.event_store import Since
from shared.eventsourcing.inbox.prepare import Prepared, receipt_for
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.testing.examples import REPORT_CONFIRMED, REPORT_FILED

COUNT = 60


@pytest.fixture
async def store(bare_nats: Client, monkeypatch: pytest.MonkeyPatch) -> JetStreamEventStore:
    monkeypatch.setitem(PARTITIONED, "intake", ("INTAKE_A", "INTAKE_B"))
    await declare(bare_nats.jetstream(), suite_streams({}))
    return JetStreamEventStore(bare_nats)


async def test_each_aggregate_lives_in_one_of_them_with_its_own_sequences(
    store: JetStreamEventStore,
) -> None:
    """Commands of a batch go where their aggregates are; outcomes and receipts say where."""
    commands = [file(number) for number in range(COUNT)] + [confirm(n) for n in range(COUNT)]
    outcomes = await handler(store).handle([*commands, answer(7, "Thanks.")])
    assert not any(outcome.error for outcome in outcomes)
    keys = [report_key(number) for number in range(COUNT)]
    loaded = await store.load_all(keys)
    found: dict[str, list[int]] = {stream: [] for stream in streams_of("intake")}
    for key in keys:
        events = loaded[key]
        assert not isinstance(events, Exception)
        assert events == await store.load(key)
        assert {each.stream for each in events} == {key.stream}
        found[key.stream] += [each.sequence for each in events]
    for sequences in found.values():
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), "each counts by itself"
    assert min(len(sequences) for sequences in found.values()) > COUNT // 2
    for outcome, key in zip(outcomes[:COUNT], keys, strict=True):
        message = Message("inbox.boston.report.submitted", {}, b"", 1, 0, 0)
        receipt = receipt_for(Prepared(message, "report.submitted", "1"), outcome)
        first = (await store.load(key))[0]
        assert getattr(receipt, "reference", None) == first.reference == first.ref.reference


async def test_a_process_that_starts_anew_knows_what_was_done(store: JetStreamEventStore) -> None:
    commands = [file(number) for number in range(COUNT)]
    once = await handler(store).handle(commands)
    again = await handler(store).handle(commands)
    assert [(one.stream, one.sequence) for one in again] == [
        (one.stream, one.sequence) for one in once
    ]
    assert not any(outcome.new_events for outcome in again)


async def test_expectations_hold_in_each_of_them(store: JetStreamEventStore) -> None:
    other = next(key for key in map(report_key, range(2, 99)) if key.stream != ONE.stream)
    for key in (ONE, other):
        assert await store.append([appending(key, REPORT_FILED)]) == [1]
        with pytest.raises(ConcurrencyError):
            await store.append([appending(key, REPORT_CONFIRMED)])
        (event,) = await store.load(key)
        known = Since(1, 1, event.id)
        await store.append([appending(key, REPORT_CONFIRMED, expected=1, revision=2)])
        newer = await store.load_since(key, known)
        assert [each.sequence for each in newer or ()] == [2]
    both = [appending(key, REPORT_FILED, expected=2, revision=3) for key in (ONE, other)]
    with pytest.raises(RefusedAppendError, match="one stream"):
        await store.append(both)
