"""One bad thing costs itself only: an aggregate, a message, a redrive, a backlog, what expired."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from nats.aio.client import Client
from upstream import (
    RESOLVED,
    WITHIN_S,
    all_answers,
    answers,
    confirmed,
    handler,
    headers,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from shared.contracts.identity import aggregate_id
from shared.contracts.receipt import Receipts
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.inbox.parse import LARGEST_BODY
from shared.eventsourcing.inbox.receipts import THROUGH, WROTE
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.dead_letters import dead_letter, remove


async def garbage(client: Client, number: int) -> None:
    """Where an event of this report should be."""
    report_id = aggregate_id("report", "boston", str(number))
    attributes = {"ce-type": "tribune.intake.ReportFiled", "ce-dataschema": "urn:x:1"}
    subject = f"intake.report.ReportFiled.{report_id}.us.ma"
    await client.jetstream().publish(subject, b"{}", headers=attributes | {"ce-revision": "1"})


async def test_one_unreadable_aggregate_costs_its_own_message_only(nats: Client) -> None:
    await garbage(nats, 1)
    await send(nats, confirmed(1), subject=RESOLVED)
    await send(nats, *(submitted(number) for number in range(2, 5)))
    await send(nats, confirmed(2), confirmed(1), subject=RESOLVED)
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert sorted(found.dead) == [1, 6]
    assert sorted(found.accepted) == [2, 3, 4, 5]


async def receipts_by_message(client: Client) -> Counter[int]:
    counts: Counter[int] = Counter()
    for message in await read_stream(client, "RECEIPTS"):
        said = Receipts.model_validate_json(message.body)
        counts.update(each.inbox_sequence for each in (*said.accepted, *said.refused))
    return counts


def broken_for(box: Any, number: int) -> Any:
    """One report trips over a bug of ours; gives what would mend it."""
    preparation = box._preparation
    mended = preparation._translate

    def broken(upstream: Any, now: Any) -> Any:
        if upstream.data.report == str(number):
            raise ZeroDivisionError("ours")
        return mended(upstream, now)

    preparation._translate = broken
    return mended


async def test_a_redrive_in_the_middle_of_a_batch_moves_nothing_back(nats: Client) -> None:
    """It once read the position before the batch moved it: 52 messages had 53 receipts after a
    restart."""
    box = inbox(nats)
    mended = broken_for(box, 0)
    async with running(box):
        await send(nats, submitted(0))
        await answers(nats, box)
        letter = await dead_letter(nats, 1)
        assert letter is not None
        box._preparation._translate = mended
        real, entered, gate = box._handler.handle, asyncio.Event(), asyncio.Event()

        async def slow(envelopes: list[Envelope], *sent: Any) -> list[Outcome]:
            if len(envelopes) > 1:
                entered.set()
                await gate.wait()
            return await real(envelopes, *sent)

        box._handler.handle = slow  # type: ignore[method-assign,assignment]
        await send(nats, *(submitted(number) for number in range(1, 51)))
        await asyncio.wait_for(entered.wait(), WITHIN_S)
        redriving = asyncio.create_task(box.redrive(letter.message))
        assert await asyncio.wait_for(redriving, WITHIN_S) is None
        gate.set()
        await answers(nats, box)
    async with running(inbox(nats)) as again:
        await send(nats, submitted(51))
        await answers(nats, again)
    assert await receipts_by_message(nats) == Counter(range(1, 53))


async def test_a_letter_that_is_redriven_by_two_at_once_gets_one_receipt(nats: Client) -> None:
    box = inbox(nats)
    mended = broken_for(box, 0)
    async with running(box):
        await send(nats, submitted(0), submitted(1))
        await answers(nats, box)
        letter = await dead_letter(nats, 1)
        assert letter is not None
        box._preparation._translate = mended
        others = inbox(nats, handler(nats))
        redriven = [each.redrive(letter.message) for each in (box, others, box, others)]
        assert await asyncio.gather(*redriven) == [None] * 4
        await send(nats, submitted(2))
        await answers(nats, box)
    assert await receipts_by_message(nats) == Counter([1, 2, 3])
    last = (await read_stream(nats, "RECEIPTS"))[-1]
    assert (last.headers[THROUGH], last.headers[WROTE]) == ("3", "3")


async def dies_before_receipts(box: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dead lies in DEAD already, and nobody has a receipt yet."""

    async def die(*_: object, **__: object) -> None:
        raise ConnectionResetError("between DEAD and receipts")

    with monkeypatch.context() as crashing:
        crashing.setattr(box._receipts, "write", die)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(box.run(), WITHIN_S)


async def test_what_died_in_a_batch_that_is_taken_in_again_gets_its_receipt_by_redriving_alone(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault may be gone the second time; then it had one receipt at once and one more later."""
    await send(nats, *(submitted(number) for number in range(5)))
    box = inbox(nats)
    broken_for(box, 2)
    await dies_before_receipts(box, monkeypatch)
    letter = await dead_letter(nats, 1)
    assert letter is not None
    assert letter.sequence == 3
    async with running(inbox(nats)) as again:
        found = await answers(nats, again)
        assert found.is_complete(5)
        assert sorted(found.accepted) == [1, 2, 4, 5]
        assert await again.redrive(letter.message) is None
    assert await receipts_by_message(nats) == Counter(range(1, 6))


async def test_a_letter_whose_batch_is_not_done_can_not_be_redriven_yet(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(nats, *(submitted(number) for number in range(3)))
    box = inbox(nats)
    broken_for(box, 2)
    await dies_before_receipts(box, monkeypatch)
    letter = await dead_letter(nats, 1)
    assert letter is not None
    others = inbox(nats)
    assert isinstance(await others.redrive(letter.message), TryLaterError)
    await remove(nats, letter.number)
    async with running(inbox(nats)) as again:
        await answers(nats, again)
    assert await receipts_by_message(nats) == Counter(range(1, 4))


async def test_a_backlog_of_the_largest_legal_messages_is_worked_through(nats: Client) -> None:
    """All at once they are more than the server sends to anybody: it hung up 16 times a minute."""
    text = "\U0001f4a1" * 19_990
    message = submitted(0, text=text)
    escaped = json.dumps(json.loads(message[1])).encode()
    assert LARGEST_BODY * 0.9 < len(escaped) <= LARGEST_BODY
    count = 450
    for start in range(0, count, 25):
        await send(nats, *(submitted(n, text=text) for n in range(start, start + 25)))
    reconnects = nats.stats["reconnects"]
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert found.is_complete(count)
    assert len(found.accepted) == count
    assert nats.stats["reconnects"] == reconnects


async def test_what_expired_unread_is_counted_and_told_in_receipts(nats: Client) -> None:
    async with running(inbox(nats)) as box:
        await send(nats, *(submitted(number) for number in range(5)))
        await answers(nats, box)
    await send(nats, *(submitted(number) for number in range(5, 12)))
    config = (await nats.jetstream().stream_info("INBOX_BOSTON")).config
    await nats.jetstream().update_stream(config.evolve(max_age=0.2, duplicate_window=0.1))
    async with asyncio.timeout(WITHIN_S):
        while (await nats.jetstream().stream_info("INBOX_BOSTON")).state.messages:
            await asyncio.sleep(0.01)
    await nats.jetstream().update_stream(config)
    async with running(inbox(nats)) as box:
        await send(nats, submitted(12))
        found = await answers(nats, box)
        assert box.tally.expired == 7
    assert sorted(found.accepted) == [1, 2, 3, 4, 5, 13]
    said = [Receipts.model_validate_json(m.body) for m in await read_stream(nats, "RECEIPTS")]
    assert [each.expired for each in said if each.expired] == [7]
    async with running(inbox(nats)) as box:
        await answers(nats, box)
        assert box.tally.expired == 0, "it is told once"


@pytest.mark.parametrize(
    "body",
    [
        b'{"report": "1", "report": "2"}',
        b'{"report": "1", "more": {"a": 1, "a": 2}}',
        b'[{"a": 1, "a": 1}]',
    ],
)
async def test_a_field_that_is_named_twice_is_refused(nats: Client, body: bytes) -> None:
    good = submitted(1)[1]
    structured = b'{"specversion":"1.0","id":"s","id":"t","source":"x","type":"report.submitted"}'
    twice = good[:-1] + b', "confidential": true, "confidential": false}'
    async with running(inbox(nats)) as box:
        await send(
            nats,
            (headers("a"), body),
            (headers("b"), twice),
            ({"content-type": "application/cloudevents+json"}, structured),
            submitted(2),
        )
        found = await answers(nats, box)
    assert sorted(found.refused) == [1, 2, 3]
    titles = {refused.problem.title for refused in found.refused.values()}
    assert titles == {"Ambiguous body"}


async def test_receipts_for_events_that_the_log_does_not_have_stop_the_inbox(
    nats: Client,
) -> None:
    """The log's tail was cut, or it was restored from an older backup than RECEIPTS."""
    async with running(inbox(nats)) as box:
        await send(nats, *(submitted(number) for number in range(5)))
        await answers(nats, box)
    config = (await nats.jetstream().stream_info("INTAKE")).config
    await nats.jetstream().delete_stream("INTAKE")
    await nats.jetstream().add_stream(config)
    (failure,) = await asyncio.gather(inbox(nats).run(), return_exceptions=True)
    assert "INTAKE ends at 0, but receipts were given for events up to 5" in str(failure)
    assert len((await all_answers(nats)).accepted) == 5
