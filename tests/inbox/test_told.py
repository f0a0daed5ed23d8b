"""What a source reads of its receipts tells nothing of what others send, and each of them once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig
from upstream import WITHIN_S, read_stream

from deploy.upkeep.anew import begin_anew
from shared.contracts.receipt import (
    Accepted,
    AcceptedTold,
    Problem,
    Receipts,
    ReceiptsTold,
    Refused,
)
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.inbox.receipts import THROUGH, ReceiptWriter
from shared.eventsourcing.inbox.telling import RECEIPTS, Telling, as_told, pieces
from shared.eventsourcing.jetstream.append import LARGEST_BATCH_BYTES, Publisher
from shared.eventsourcing.jetstream.ends import ends_at, last_under
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.runtime.settings import Settings

GOLDEN = Path(__file__).parents[1] / "contracts" / "golden" / "receipts"
PROBLEM = Problem(type="urn:x", title="No", detail="No.")
HEADERS = {"content-type", THROUGH, "Nats-Expected-Last-Sequence"}
HEADERS |= {"Nats-Batch-Id", "Nats-Batch-Sequence"}
FOLLOWS = {"source", "accepted", "refused", "expired", "withdrawn_after"}


@pytest.fixture
async def two(nats: Client) -> Client:
    limits = dict.fromkeys(("boston", "chicago"), InboxLimits(max_bytes=64 * 1024**2))
    await declare(nats.jetstream(), suite_streams(limits))
    return nats


def accepted(number: int, sequence: int) -> Accepted:
    return Accepted(
        ce_id=f"c{number}",
        inbox_sequence=number,
        kind="report.submitted",
        id="f" * 32,
        sequence=sequence,
        duplicate=False,
    )


def refused(number: int) -> Refused:
    return Refused(ce_id=f"c{number}", inbox_sequence=number, kind="x", problem=PROBLEM)


async def written(client: Client, source: str) -> ReceiptWriter:
    writer = ReceiptWriter(client, Publisher(client), source, "INTAKE", "the key's fingerprint")
    writer.through = await writer.reached()
    return writer


@asynccontextmanager
async def telling(client: Client, source: str = "boston") -> AsyncIterator[Telling]:
    told = Telling(client, source)
    task = asyncio.create_task(told.run())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def all_told(client: Client, told: Telling) -> list[Message]:
    """What the source's reader is shown."""
    end = await last_under(client, RECEIPTS, told.filters)
    async with asyncio.timeout(WITHIN_S):
        while told.position < end:
            await asyncio.sleep(0.002)
    found = await read_stream(client, told.stream)
    return [each for each in found if each.subject.startswith("told.")]


async def pulled(client: Client, stream: str, count: int) -> list[Any]:
    """As the consumer that stands ready shows it, reply subjects and all."""
    config = ConsumerConfig(
        durable_name="mine", filter_subject="told.boston.>", ack_policy=AckPolicy.NONE
    )
    await client.jetstream().add_consumer(stream, config)
    reader = await client.jetstream().pull_subscribe_bind("mine", stream)
    return await reader.fetch(count, timeout=WITHIN_S)


@pytest.mark.parametrize("others", [0, 9])
async def test_what_others_send_moves_no_number_that_a_source_sees(
    two: Client, others: int
) -> None:
    """Both runs have to look the same."""
    boston, chicago = await written(two, "boston"), await written(two, "chicago")
    async with telling(two) as told, telling(two, "chicago"):
        sequence = 1
        for number in (1, 2, 3):
            for _ in range(others):
                through = chicago.through + 1
                await chicago.write([accepted(through, sequence)], [], through)
                sequence += 1
            await boston.write([accepted(number, sequence)], [], number)
            sequence += 1
            seen = await all_told(two, told)
    assert [each.sequence for each in seen] == [1, 3, 5]
    assert [each.headers[THROUGH] for each in seen] == ["1", "2", "3"]
    assert [each.headers["Nats-Expected-Last-Sequence"] for each in seen] == ["0", "2", "4"]
    assert {name for each in seen for name in dict(each.headers)} == HEADERS
    for number, each in enumerate(seen, 1):
        said = json.loads(each.body)
        assert set(said) == FOLLOWS
        assert said["accepted"] == [accepted(number, 0).model_dump(exclude={"sequence", "stream"})]
    shown = await pulled(two, told.stream, 3)
    parts = [message.reply.split(".")[-6:] for message in shown]
    assert [(delivered, stream, mine, waits) for _, delivered, stream, mine, _, waits in parts] == [
        ("1", "1", "1", "2"),
        ("1", "3", "2", "1"),
        ("1", "5", "3", "0"),
    ]


TEXTS = st.text() | st.sampled_from(['","sequence":1', ',"stream":"X","sequence":2', "\\", '\\"'])


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 10**15 - 1)), max_size=4), TEXTS)
def test_nothing_but_places_of_the_log_is_left_out(
    drawn: list[tuple[str, str, int]], text: str
) -> None:
    """Whatever stands in the texts."""
    each = [
        accepted(number, sequence).model_copy(update={"ce_id": ce_id, "kind": kind})
        for number, (ce_id, kind, sequence) in enumerate(drawn, 1)
    ]
    one = refused(9).model_copy(update={"ce_id": text, "kind": text})
    said = Receipts(source="boston", accepted=tuple(each), refused=(one,)).model_dump_json()
    told = ReceiptsTold.model_validate_json(said)
    assert as_told("boston", said.encode()) == told.model_dump_json().encode()


def test_a_new_field_of_a_receipt_is_told_or_kept_back_on_purpose() -> None:
    """`as_told` leaves out nothing else."""
    for inside, outside, kept in (
        (Accepted, AcceptedTold, {"stream", "sequence"}),
        (Receipts, ReceiptsTold, set[str]()),
    ):
        assert {*inside.model_fields} - {*outside.model_fields} == kept


async def test_each_is_told_once_however_often_it_ends(two: Client) -> None:
    boston = await written(two, "boston")
    for number in range(1, 41):
        sort = ([accepted(number, number)], []) if number % 3 else ([], [refused(number)])
        await boston.write(*sort, number)
    for turns in range(30):
        task = asyncio.create_task(Telling(two, "boston").run())
        for _ in range(turns * 4):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with telling(two) as told:
        seen = await all_told(two, told)
    assert [each.headers[THROUGH] for each in seen] == [str(number) for number in range(1, 41)]


async def test_of_two_at_once_only_one_tells(two: Client) -> None:
    """The lease says who does; this is what holds if it should ever fail."""
    boston = await written(two, "boston")
    one, other = Telling(two, "boston"), Telling(two, "boston")
    await one._begin()
    await other._begin()
    await boston.write([accepted(1, 1)], [], 1)
    messages = await read_stream(two, RECEIPTS)
    await one._tell(messages)
    with pytest.raises(ConcurrencyError):
        await other._tell(messages)


async def test_what_older_versions_wrote_and_what_is_none(two: Client) -> None:
    for path in sorted(GOLDEN.glob("*.json")):
        await two.jetstream().publish("receipt.boston.accepted", path.read_bytes())
    await two.jetstream().publish("receipt.boston.accepted", b"+OK")
    boston = await written(two, "boston")
    await boston.write([], [refused(2)], 2)
    async with telling(two) as told:
        seen = await all_told(two, told)
    said = [ReceiptsTold.model_validate_json(each.body) for each in seen]
    assert [one.ce_id for each in said for one in each.accepted] == ["2031-000123/submitted"] * 2
    assert [one for each in said for one in each.refused] == [refused(2)]
    assert b"INTAKE" not in b"".join(each.body for each in seen)


async def test_what_is_withdrawn_and_redriven_is_told(two: Client) -> None:
    boston = await written(two, "boston")
    await boston.write([accepted(1, 1)], [], 2)
    await boston.take_again(0)
    await boston.write_redriven(accepted(2, 5))
    async with telling(two) as told:
        seen = await all_told(two, told)
    subjects = [each.subject.removeprefix("told.boston.") for each in seen]
    assert subjects == ["accepted", "withdrawn", "redriven"], "whose place in RECEIPTS is not told"
    assert ReceiptsTold.model_validate_json(seen[1].body).withdrawn_after == 0


async def test_refusals_that_are_more_than_one_append_takes(two: Client) -> None:
    boston = await written(two, "boston")
    long = PROBLEM.model_copy(update={"detail": "x" * 900_000})
    for number in range(1, 13):
        one = refused(number).model_copy(update={"problem": long})
        await boston.write([], [one], number)
    messages = await read_stream(two, RECEIPTS)
    assert sum(len(each.body) for each in messages) > LARGEST_BATCH_BYTES
    told = Telling(two, "boston")
    for piece in pieces(messages):
        await told._tell(piece)
    assert len(await all_told(two, told)) == 12


async def test_another_receipts_stream_is_told_from_its_beginning(
    two: Client, tmp_path: Path
) -> None:
    boston = await written(two, "boston")
    for number in (1, 2, 3):
        await boston.write([accepted(number, number)], [], number)
    async with telling(two) as told:
        await all_told(two, told)
    limits = {"boston": InboxLimits(max_bytes=64 * 1024**2)}
    await begin_anew(two, Settings(data_dir=tmp_path), limits, RECEIPTS)
    async with telling(two) as told:
        seen = await all_told(two, told)
    assert [each.subject.rpartition(".")[2] for each in seen] == [*["accepted"] * 3, "withdrawn"]


async def test_a_stream_that_is_gone_is_filled_again_once_it_is_declared(two: Client) -> None:
    boston = await written(two, "boston")
    await boston.write([accepted(1, 1)], [], 1)
    async with telling(two) as told:
        await all_told(two, told)
    await two.jetstream().delete_stream(told.stream)
    async with telling(two) as told:
        await declare(two.jetstream(), suite_streams({"boston": InboxLimits(64 * 1024**2)}))
        assert len(await all_told(two, told)) == 1
    assert await ends_at(two, told.stream) == 2
