"""What a sender counts: one receipt for each event of its own, whoever else sends."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from nats.aio.client import Client
from upstream import (
    PLACES,
    SECTORS,
    SUBMITTED,
    WITHIN_S,
    all_stored,
    inbox,
    running,
    send,
    submitted,
)

from deploy.feeding import answers as answers_module
from deploy.feeding.answers import Answers
from deploy.feeding.publish import publishing
from deploy.feeding.sending import Door
from deploy.looking.pointed import Pointed
from deploy.looking.refusals import Example
from deploy.upkeep.redo import redo
from services.intake.translate import translator
from shared.contracts.receipt import Fault
from shared.contracts.reference import Reference
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent
from shared.testing.examples import MONDAY


def event(number: int, **changes: str) -> UpstreamEvent:
    headers, body = submitted(number, **changes)
    return UpstreamEvent(MONDAY, "report.submitted", lambda: Outgoing(SUBMITTED, body, headers))


async def say_nothing(_: int) -> None: ...


async def test_receipts_of_others_and_of_a_run_before_are_not_counted(nats: Client) -> None:
    """The run before was stopped when all was sent and nothing answered."""
    await send(nats, submitted(1), submitted(2), submitted(77), submitted(1), submitted(99, "x"))
    events = [event(1), event(2), event(3), event(4, place="us.ma.atlantis")]
    async with publishing(nats, "boston", say_nothing) as publication:
        await send(nats, submitted(98, "y"))
        await acknowledged_into_receipts(nats)
        async with running(inbox(nats)):
            await publication.send(events)
            await publication.all_answered()
    answered = publication.answered
    assert answered.total == publication.sent == len(events)
    assert len(publication._answers.own._firsts) == 1, "what lies together is kept as one"
    assert (answered.accepted, answered.duplicate, answered.refused) == (1, 2, 1)
    (reason,) = answered.refusals
    assert reason.fault == Fault(detail="The charter has no such place.", pointer="/place")
    (value,) = reason.values.values()
    assert (value.value, value.count) == ("us.ma.atlantis", 1)
    assert value.first == Example("submitted-4", Reference("INBOX_BOSTON", 11))


async def acknowledged_into_receipts(client: Client) -> None:
    """A sender has the server's acknowledgement stored among the receipts."""
    before = await ends_at(client, "RECEIPTS")
    await client.publish(SUBMITTED, b"{}", reply="receipt.boston.accepted")
    async with asyncio.timeout(WITHIN_S):
        while await ends_at(client, "RECEIPTS") == before:
            await asyncio.sleep(0.002)


async def test_events_are_sent_only_so_far_ahead_of_their_receipts(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.feeding.publish.BATCH", 10)
    monkeypatch.setattr("deploy.feeding.publish.MOST_WAITING", 20)

    def pulled() -> Iterator[UpstreamEvent]:
        for number in range(100):
            ahead = number - publication.answered.total
            assert ahead < 20 + 2 * 10, "what may wait, and a batch on either side of the sending"
            yield event(number)

    async with publishing(nats, "boston", say_nothing) as publication:
        sending = asyncio.create_task(publication.send(pulled()))
        await all_stored(nats, 30)
        async with running(inbox(nats)):
            await sending
            await publication.all_answered()
    assert publication.answered.accepted == 100


async def test_what_is_refused_beside_the_accepted_is_counted_before_the_end(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The accepted of a batch say how far intake is before the refused of the same batch come."""
    looked, values = asyncio.Event(), Pointed.values

    async def slowly(self: Pointed, source: str, refused: Any) -> Any:
        if refused:
            await looked.wait()
        return await values(self, source, refused)

    monkeypatch.setattr(Pointed, "values", slowly)
    async with publishing(nats, "boston", say_nothing) as publication, running(inbox(nats)):
        await publication.send([event(1), event(2, place="us.ma.atlantis")])
        ending = asyncio.create_task(publication.all_answered())
        async with asyncio.timeout(WITHIN_S):
            while publication.answered.through < 2:
                await asyncio.sleep(0.002)
        publication._answers._news.set()  # as what was sent before does
        done, _ = await asyncio.wait([ending], timeout=0.2)
        assert not done
        looked.set()
        await ending
    assert (publication.answered.accepted, publication.answered.refused) == (1, 1)


async def test_of_two_publications_of_one_file_each_counts_its_own_events(nats: Client) -> None:
    """Who sends the second half of a thing that the other one sent first is told of duplicates."""
    first, other = publishing(nats, "boston", say_nothing), publishing(nats, "boston", say_nothing)
    async with first as one, other as two:
        await one.send([event(number) for number in range(10)])
        await two.send([event(number) for number in range(20)])
        await one.send([event(number) for number in range(10, 20)])
        async with running(inbox(nats)):
            await asyncio.gather(one.all_answered(), two.all_answered())
    assert (one.answered.accepted, one.answered.duplicate) == (10, 10)
    assert (two.answered.accepted, two.answered.duplicate) == (10, 10)


async def test_what_went_in_twice_because_an_acknowledgement_got_lost_counts_once(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As what the first of the two was. The event of a run before is none of them."""
    send_once, lost = Publisher._send, 0

    async def loses(self: Publisher, messages: Any, sent: Any) -> Any:
        nonlocal lost
        answer = await send_once(self, messages, sent)
        if messages[0].subject == SUBMITTED and not lost:
            lost += 1
            raise TimeoutError
        return answer

    await send(nats, submitted(1))
    monkeypatch.setattr(Publisher, "_send", loses)
    async with publishing(nats, "boston", say_nothing) as publication, running(inbox(nats)):
        await send(nats, submitted(99))
        await publication.send([event(1), event(2, place="us.ma.atlantis"), event(3), event(1)])
        await publication.all_answered()
    assert lost == 1
    assert await ends_at(nats, "INBOX_BOSTON") == 10
    answered = publication.answered
    assert (answered.accepted, answered.duplicate, answered.refused) == (1, 2, 1)


async def test_a_receipt_that_comes_before_the_acknowledgement_waits_for_it(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, answers_read = Door.take, asyncio.Event()

    async def slowly(self: Door, messages: Any) -> Any:
        stored = await take(self, messages)
        await asyncio.wait_for(answers_read.wait(), WITHIN_S)
        return stored

    may_count = Answers._add

    async def seen(self: Answers, at: int, receipts: Any) -> None:
        answers_read.set()
        await may_count(self, at, receipts)

    monkeypatch.setattr(Door, "take", slowly)
    monkeypatch.setattr(Answers, "_add", seen)
    async with publishing(nats, "boston", say_nothing) as publication, running(inbox(nats)):
        await publication.send([event(1)])
        await publication.all_answered()
    assert publication.answered.accepted == 1


async def test_receipts_that_are_withdrawn_meanwhile_count_as_what_takes_their_place(
    nats: Client,
) -> None:
    """What was accepted stays so; what was refused is accepted once the charter knows the place."""
    events = [event(number) for number in range(1, 6)]
    async with publishing(nats, "boston", say_nothing) as publication:
        async with running(inbox(nats)):
            await publication.send([*events, event(6, place="us.ma.atlantis")])
            await publication.answered_until(6)
        await publication.send([event(7)])
        await redo(nats, "inbox-boston", 3)
        waiting = asyncio.create_task(publication.all_answered())
        async with asyncio.timeout(WITHIN_S):
            while publication.answered.through != 2:
                await asyncio.sleep(0.002)
        assert publication.answered.total == 2
        assert not waiting.done()
        wiser = inbox(nats)
        wiser._preparation._translate = translator({*PLACES, "us.ma.atlantis"}, SECTORS)
        async with running(wiser):
            await waiting
    answered = publication.answered
    assert (answered.accepted, answered.duplicate, answered.refused) == (7, 0, 0)


async def test_receipts_that_are_withdrawn_at_the_very_end_are_waited_for_again(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last receipt and the look at where receipts end."""
    withdraws, look = asyncio.Event(), answers_module.last_under

    async def last(*asked: Any) -> int:
        if not withdraws.is_set():
            withdraws.set()
            await redo(nats, "inbox-boston", 1)
        return await look(*asked)

    monkeypatch.setattr(answers_module, "last_under", last)
    async with publishing(nats, "boston", say_nothing) as publication:
        async with running(inbox(nats)):
            await publication.send([event(1), event(2)])
            await publication.answered_until(2)
        waiting = asyncio.create_task(publication.all_answered())
        await asyncio.wait_for(withdraws.wait(), WITHIN_S)
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        async with running(inbox(nats)):
            await waiting
    assert (publication.answered.accepted, publication.answered.duplicate) == (2, 0)


async def test_a_publication_of_nothing_waits_for_nothing(nats: Client) -> None:
    await send(nats, submitted(1))
    async with publishing(nats, "boston", say_nothing) as publication:
        await asyncio.wait_for(publication.all_answered(), WITHIN_S)
    assert publication.answered.total == 0
