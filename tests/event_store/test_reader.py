"""A reader gets every message of a stream once and in order, or says what is wrong with the log."""

import asyncio
import json

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerInfo, StreamConfig

from shared.eventsourcing.errors import ExpiredError, LogDamagedError
from shared.eventsourcing.jetstream import standing_pull
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.reader import Message, Reader, ReadFrom, open_reader
from shared.eventsourcing.jetstream.standing_pull import BYTES_AHEAD
from shared.testing.servers import NatsServer, nats_server

WITHIN_S = 60.0
AT_ONCE = 1_000
A_YEAR_S = 365 * 24 * 3600.0


async def _fill(client: Client, count: int) -> None:
    """Bodies count on from what is there already. Never more at once than the server takes: of what
    asks for no answer it drops the rest."""
    jetstream = client.jetstream()
    first = (await jetstream.stream_info("LOG")).state.last_seq + 1
    for start in range(first, first + count, AT_ONCE):
        end = min(start + AT_ONCE, first + count)
        for number in range(start, end):
            await client.publish(f"log.{number % 3}", str(number).encode())
        await client.flush()
        while (await jetstream.stream_info("LOG")).state.last_seq < end - 1:
            await asyncio.sleep(0)


async def _read(reader: Reader, until: int) -> list[Message]:
    messages: list[Message] = []
    while not messages or messages[-1].sequence < until:
        batch = await asyncio.wait_for(reader.next(), WITHIN_S)
        messages += batch
        await reader.done_with(batch)
    return messages


def _is_contiguous(messages: list[Message], first: int, last: int) -> bool:
    sequences = [message.sequence for message in messages]
    bodies = [int(message.body) for message in messages]
    return sequences == bodies == list(range(first, last + 1))


@pytest.fixture
async def log(bare_nats: Client) -> Client:
    """A stream from which messages can be deleted, as a fault would do it."""
    await bare_nats.jetstream().add_stream(StreamConfig(name="LOG", subjects=["log.>"]))
    return bare_nats


@pytest.mark.parametrize("name", ["", "reader"])
@pytest.mark.parametrize("batch", [7, 1000])
async def test_a_stream_is_read_in_order_and_in_batches(log: Client, name: str, batch: int) -> None:
    await _fill(log, 2500)
    async with open_reader(log, ReadFrom("LOG", 1, name, batch=batch)) as reader:
        first = await asyncio.wait_for(reader.next(), WITHIN_S)
        assert 1 <= len(first) <= batch
        rest = await _read(reader, until=2500)
    assert _is_contiguous(first + rest, 1, 2500)


async def test_reading_goes_on_with_what_arrives_later(log: Client) -> None:
    await _fill(log, 3)
    async with open_reader(log, ReadFrom("LOG", 1)) as reader:
        assert _is_contiguous(await _read(reader, until=3), 1, 3)
        for last in range(4, 30):
            await _fill(log, 1)
            assert _is_contiguous(await _read(reader, until=last), last, last)


async def _acknowledged(client: Client, sequence: int) -> ConsumerInfo:
    """The one reader's consumer, once the server has worked through the acknowledgement."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            (info,) = await client.jetstream().consumers_info("LOG")
            assert info.name.startswith("reader-")
            if info.ack_floor is not None and info.ack_floor.stream_seq >= sequence:
                return info
            await asyncio.sleep(0.005)


async def test_a_reader_waits_at_the_end_of_the_stream(log: Client) -> None:
    await _fill(log, 3)
    async with open_reader(log, ReadFrom("LOG", 4)) as reader:
        waiting = asyncio.create_task(reader.next())
        await _fill(log, 1)
        (message,) = await asyncio.wait_for(waiting, WITHIN_S)
        assert message.sequence == 4


async def test_where_reading_starts_is_ours_to_say(log: Client) -> None:
    await _fill(log, 20)
    for start in (1, 15, 3):
        async with open_reader(log, ReadFrom("LOG", start, "reader")) as reader:
            assert _is_contiguous(await _read(reader, until=20), start, 20)


async def test_what_stands_up_to_a_sequence_is_read_and_no_more_waited_for(log: Client) -> None:
    await _fill(log, 12)
    source = ReadFrom("LOG", 3, filters=("log.1",), batch=2)
    async with open_reader(log, source) as reader, asyncio.timeout(WITHIN_S):
        read = [each.sequence async for batch in reader.through(10) for each in batch]
        assert read == [4, 7, 10]
        assert [batch async for batch in reader.through(10)] == []
    async with open_reader(log, source) as reader, asyncio.timeout(WITHIN_S):
        behind = [each.sequence async for batch in reader.through(8) for each in batch]
        assert behind[:3] == [4, 7, 10], "one behind the last ends it, too"


async def test_operators_see_how_far_a_reader_is(log: Client) -> None:
    await _fill(log, 20)
    async with open_reader(log, ReadFrom("LOG", 1, "reader")) as reader:
        await _read(reader, until=20)
        info = await _acknowledged(log, 20)
    assert info.num_pending == 0


async def test_a_batch_taken_ahead_is_not_acknowledged_with_the_one_before(log: Client) -> None:
    """Else nobody could tell that the work on it is still under way."""
    await _fill(log, 20)
    while True:
        async with open_reader(log, ReadFrom("LOG", 1, "reader", batch=10)) as reader:
            first = await asyncio.wait_for(reader.next(), WITHIN_S)
            ahead = await asyncio.wait_for(reader.next(), WITHIN_S)
            if _consumer_of(first[0]) != _consumer_of(ahead[0]):
                continue  # the machine stood still for so long that the reader began again
            await reader.done_with(first)
            info = await _acknowledged(log, first[-1].sequence)
            break
    assert info.ack_floor is not None
    assert info.ack_floor.stream_seq == first[-1].sequence


def _consumer_of(message: Message) -> str:
    return message.reply.split(".")[-6]


async def test_what_a_thief_takes_from_under_a_filtered_reader_is_read_all_the_same(
    server: NatsServer, log: Client
) -> None:
    """As a frozen process did that shared a name with the one that took over."""
    thief = await connect(server.url, "thief")
    stolen: list[Msg] = []

    async def steal(message: Msg) -> None:
        stolen.append(message)

    await _fill(log, 3)
    async with open_reader(log, ReadFrom("LOG", 1, "reader", ["log.0", "log.1"])) as reader:
        messages = await asyncio.wait_for(reader.next(), WITHIN_S)
        (consumer,) = await log.jetstream().consumers_info("LOG")
        await thief.subscribe("stolen", cb=steal)
        request = json.dumps({"batch": 1000, "expires": int(60e9)}).encode()
        await thief.publish(f"$JS.API.CONSUMER.MSG.NEXT.LOG.{consumer.name}", request, "stolen")
        await thief.flush()
        await _fill(log, 600)
        messages += await _read(reader, until=603)
    await thief.close()
    assert stolen, "nothing was taken"
    wanted = [sequence for sequence in range(1, 604) if sequence % 3 != 2]
    assert [message.sequence for message in messages] == wanted


async def test_large_messages_wait_in_the_server_and_not_in_our_way(server: NatsServer) -> None:
    """More of them than the server sends to anybody who is slow: it would hang up."""
    client = await connect(server.url, "test")
    await client.jetstream().add_stream(StreamConfig(name="LARGE", subjects=["large.>"]))
    body = b"x" * 900_000
    for _ in range(150):
        await client.jetstream().publish("large.one", body)
    reconnects, most = client.stats["reconnects"], 0
    async with open_reader(client, ReadFrom("LARGE", 1, "reader")) as reader:
        sequences: list[int] = []
        while len(sequences) < 150:
            batch = await asyncio.wait_for(reader.next(), WITHIN_S)
            sequences += [message.sequence for message in batch]
            most = max(most, sum(len(message.body) for message in batch))
            await asyncio.sleep(0.01)  # work takes its time, and more arrives meanwhile
    assert sequences == list(range(1, 151))
    assert client.stats["reconnects"] == reconnects
    assert most <= 4 * BYTES_AHEAD
    await client.jetstream().delete_stream("LARGE")
    await client.close()


async def test_a_filtered_reader_gets_only_what_it_asked_for(log: Client) -> None:
    await _fill(log, 30)
    async with open_reader(log, ReadFrom("LOG", 5, filters=["log.0"])) as reader:
        messages = await _read(reader, until=30)
    assert [message.sequence for message in messages] == list(range(6, 31, 3))


@pytest.mark.parametrize(
    ("filters", "apart_s"), [([], 2), (["log.1"], 2), (["log.1", "log.2"], 14)]
)
async def test_who_has_several_filters_wants_few_heartbeats(
    log: Client, filters: list[str], apart_s: int
) -> None:
    """With each the server goes through all subjects, if all begin alike: 10 such readers kept it
    from all else at 700,000 of them."""
    asked = await log.subscribe("$JS.API.CONSUMER.MSG.NEXT.LOG.>")
    await _fill(log, 3)
    async with open_reader(log, ReadFrom("LOG", 1, filters=filters)) as reader:
        await reader.next()
        request = json.loads((await asked.next_msg(WITHIN_S)).data)
    assert request["idle_heartbeat"] == apart_s * 10**9
    assert 2 * request["idle_heartbeat"] < request["expires"], "the server refuses it"


@pytest.mark.parametrize("name", ["", "reader"])
async def test_after_a_kill_of_the_server_reading_goes_on_without_gap_or_repetition(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And at once: not only when heartbeats have stayed out for too long."""
    monkeypatch.setattr(standing_pull, "HEARTBEAT_S", 50.0)
    monkeypatch.setattr(standing_pull, "STANDING_PULL_S", 120.0)
    with nats_server() as server:
        client = await connect(server.url, "test")
        await client.jetstream().add_stream(StreamConfig(name="LOG", subjects=["log.>"]))
        await _fill(client, 1000)
        async with open_reader(client, ReadFrom("LOG", 1, name, batch=100)) as reader:
            messages = await asyncio.wait_for(reader.next(), WITHIN_S)
            for round_ in (2, 3):
                server.kill()
                server.start()
                await _fill(await _once_back(client), 1000)
                messages += await _read(reader, until=1000 * round_)
        await client.close()
    assert _is_contiguous(messages, 1, 3000)


async def _once_back(client: Client) -> Client:
    """The connection notices a killed server by itself and comes back by itself."""
    reconnects = client.stats["reconnects"]
    while client.stats["reconnects"] == reconnects or not client.is_connected:
        await asyncio.sleep(0.01)
    return client


@pytest.mark.parametrize("gone", [1, 5, 9])
async def test_a_gap_in_the_log_is_refused(log: Client, gone: int) -> None:
    await _fill(log, 10)
    await log.jetstream().delete_msg("LOG", gone)
    seen: list[Message] = []
    async with open_reader(log, ReadFrom("LOG", 1)) as reader:
        with pytest.raises(LogDamagedError, match=f" {gone}( was|,)"):
            while True:
                seen += await asyncio.wait_for(reader.next(), WITHIN_S)
    assert [message.sequence for message in seen] == list(range(1, gone))


async def test_a_log_that_ends_before_what_was_read_went_backwards(log: Client) -> None:
    await _fill(log, 10)
    async with open_reader(log, ReadFrom("LOG", 12, "reader")) as reader:
        with pytest.raises(LogDamagedError, match="backwards"):
            await asyncio.wait_for(reader.next(), WITHIN_S)


async def test_a_log_that_is_replaced_by_a_shorter_one_while_it_is_read_went_backwards(
    log: Client,
) -> None:
    jetstream = log.jetstream()
    await _fill(log, 10)
    async with open_reader(log, ReadFrom("LOG", 1)) as reader:
        await _read(reader, until=10)
        await jetstream.delete_stream("LOG")
        await jetstream.add_stream(StreamConfig(name="LOG", subjects=["log.>"]))
        with pytest.raises(LogDamagedError, match="backwards"):
            await asyncio.wait_for(reader.next(), WITHIN_S)


async def test_a_log_does_not_forget_its_beginning(log: Client) -> None:
    await _fill(log, 10)
    await log.jetstream().purge_stream("LOG", seq=5)
    async with open_reader(log, ReadFrom("LOG", 1)) as reader:
        with pytest.raises(LogDamagedError, match="begins at 5"):
            await asyncio.wait_for(reader.next(), WITHIN_S)


async def test_what_an_inbox_forgot_unread_is_told_and_not_skipped(bare_nats: Client) -> None:
    config = StreamConfig(name="LOG", subjects=["log.>"], max_age=A_YEAR_S)
    await bare_nats.jetstream().add_stream(config)
    await _fill(bare_nats, 10)
    await bare_nats.jetstream().purge_stream("LOG", seq=5)
    async with open_reader(bare_nats, ReadFrom("LOG", 1, "reader")) as reader:
        with pytest.raises(ExpiredError, match="begins at 5"):
            await asyncio.wait_for(reader.next(), WITHIN_S)
    async with open_reader(bare_nats, ReadFrom("LOG", 5, "reader")) as reader:
        assert _is_contiguous(await _read(reader, until=10), 5, 10)


async def test_a_closed_reader_leaves_no_consumer_behind(log: Client) -> None:
    await _fill(log, 3)
    async with open_reader(log, ReadFrom("LOG", 1)) as reader:
        await _read(reader, until=3)
    assert await log.jetstream().consumers_info("LOG") == []
