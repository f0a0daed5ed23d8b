"""What the event store makes of the network's faults: an answer or a request that got lost."""

import asyncio

import pytest
from nats.aio.client import Client

from shared.eventsourcing.errors import ConcurrencyError, LogUnavailableError
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream import append as append_module
from shared.eventsourcing.jetstream import direct_get
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import (
    REPORT_ANSWERED,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_ID,
    new_event,
)
from shared.testing.proxy import lossy_proxy
from shared.testing.servers import NatsServer

KEY = AggregateKey("intake", "report", REPORT_ID)
FILED = Append(KEY, 0, [new_event(REPORT_FILED)])
FILED_AND_CONFIRMED = Append(
    KEY, 0, [new_event(REPORT_FILED), new_event(REPORT_CONFIRMED, 2, index=1)]
)
THEIRS = Append(KEY, 0, [new_event(REPORT_FILED, command="theirs")])


def _answered(command: str, revision: int, expected: int) -> Append:
    return Append(KEY, expected, [new_event(REPORT_ANSWERED, revision, command)])


ACKNOWLEDGEMENT = b'"stream":"INTAKE"'
WITHIN_S = 60.0


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append_module, "ANSWER_WITHIN", 0.5)


@pytest.mark.parametrize("append", [FILED, FILED_AND_CONFIRMED], ids=["single", "batch"])
async def test_after_a_lost_answer_our_own_append_is_recognised(
    server: NatsServer, nats: Client, append: Append
) -> None:
    async with lossy_proxy(server.port) as proxy:
        client = await connect(proxy.url, "test")
        proxy.lose_answer = ACKNOWLEDGEMENT
        assert await JetStreamEventStore(client).append([append]) == [1]
        assert proxy.lost.is_set()
        await client.close()
    assert len(await JetStreamEventStore(nats).load(KEY)) == len(append.events)


@pytest.mark.parametrize("append", [FILED, FILED_AND_CONFIRMED], ids=["single", "batch"])
async def test_after_a_lost_request_the_append_is_made_once(
    server: NatsServer, nats: Client, append: Append
) -> None:
    async with lossy_proxy(server.port) as proxy:
        client = await connect(proxy.url, "test")
        proxy.lose_request = b"ReportFiled"
        assert await JetStreamEventStore(client).append([append]) == [1]
        assert proxy.lost.is_set()
        await client.close()
    assert len(await JetStreamEventStore(nats).load(KEY)) == len(append.events)


async def test_our_append_is_recognised_also_when_others_wrote_after_it(
    server: NatsServer, nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = JetStreamEventStore(nats)
    answered = Append(KEY, 1, [new_event(REPORT_ANSWERED, 2, command="theirs")])
    async with lossy_proxy(server.port) as proxy:
        client = await connect(proxy.url, "test")
        ours = JetStreamEventStore(client)
        proxy.lose_answer = ACKNOWLEDGEMENT

        async def others_write() -> None:
            await proxy.lost.wait()
            await others.append([answered])

        monkeypatch.setattr(append_module, "ANSWER_WITHIN", 1.0)
        found, _ = await asyncio.gather(ours.append([FILED]), others_write())
        assert found == [1]
        await client.close()
    assert [recorded.revision for recorded in await others.load(KEY)] == [1, 2]


async def test_a_conflict_after_a_lost_request_is_a_conflict(
    server: NatsServer, nats: Client
) -> None:
    others = JetStreamEventStore(nats)
    async with lossy_proxy(server.port) as proxy:
        client = await connect(proxy.url, "test")
        proxy.lose_request = b"ReportFiled"

        async def others_write() -> None:
            await proxy.lost.wait()
            await others.append([THEIRS])

        with pytest.raises(ConcurrencyError):
            await asyncio.gather(JetStreamEventStore(client).append([FILED]), others_write())
        await client.close()
    assert [recorded.id for recorded in await others.load(KEY)] == [THEIRS.events[0].id]


async def test_a_log_that_is_not_there_is_no_empty_aggregate(bare_nats: Client) -> None:
    """Taken for empty, a claim of done would be refused for good because of an outage. Nor is it
    waited for: its server says that it has none."""
    with pytest.raises(LogUnavailableError, match="there is no stream INTAKE; `tribune setup`"):
        await JetStreamEventStore(bare_nats).load(KEY)


async def test_a_log_that_is_away_is_waited_for(
    server: NatsServer, nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was loaded already is not lost because of a moment's outage."""
    monkeypatch.setattr(direct_get, "ANSWER_WITHIN_S", 0.5)
    await JetStreamEventStore(nats).append([FILED])
    store = JetStreamEventStore(nats)
    server.kill()
    loading = asyncio.create_task(store.load(KEY))
    await asyncio.sleep(0)
    server.start()
    (recorded,) = await asyncio.wait_for(loading, WITHIN_S)
    assert recorded.event == REPORT_FILED


async def test_a_log_that_does_not_answer_in_time_is_told(bare_nats: Client) -> None:
    store = JetStreamEventStore(bare_nats)
    store._publisher = append_module.Publisher(bare_nats, try_for=0.2)
    for append in (FILED, FILED_AND_CONFIRMED):
        with pytest.raises(LogUnavailableError):
            await store.append([append])


TWICE = [_answered("one", 2, 1), _answered("two", 3, 1)]


@pytest.mark.parametrize(
    "theirs",
    [
        [_answered("theirs", 2, 1), _answered("one", 3, 2), _answered("two", 4, 3)],
        [_answered("one", 2, 1), _answered("theirs", 3, 2), _answered("two", 4, 3)],
    ],
    ids=["behind another event", "with another event in between"],
)
async def test_our_events_are_no_success_of_ours_where_we_did_not_mean_them(
    server: NatsServer, nats: Client, theirs: list[Append]
) -> None:
    """Another process was asked the same, and knew of more. Who took that for its own append would
    go on without what it does not know of, and its next event would break the aggregate."""
    others = JetStreamEventStore(nats)
    await others.append([FILED])
    async with lossy_proxy(server.port) as proxy:
        client = await connect(proxy.url, "test")
        proxy.lose_request = b"ReportAnswered"

        async def others_write() -> None:
            await proxy.lost.wait()
            for append in theirs:
                await others.append([append])

        with pytest.raises(ConcurrencyError):
            await asyncio.gather(JetStreamEventStore(client).append(TWICE), others_write())
        await client.close()


async def test_an_aggregate_twice_in_a_batch_is_recognised_after_a_lost_answer(
    server: NatsServer, nats: Client
) -> None:
    await JetStreamEventStore(nats).append([FILED])
    async with lossy_proxy(server.port) as proxy:
        client = await connect(proxy.url, "test")
        proxy.lose_answer = ACKNOWLEDGEMENT
        assert await JetStreamEventStore(client).append(TWICE) == [2, 3]
        await client.close()
