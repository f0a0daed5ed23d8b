"""What a sender counts: one receipt for each event of its own, whoever else sends."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from nats.aio.client import Client
from upstream import SUBMITTED, WITHIN_S, all_stored, inbox, running, send, submitted

from deploy.feeding.mapping import UpstreamEvent
from deploy.feeding.publish import publishing
from deploy.looking.pointed import Pointed
from deploy.looking.refusals import Example
from shared.contracts.receipt import Fault
from shared.contracts.reference import Reference
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.wire import Outgoing
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
    assert not publication._waiting, "what is answered is forgotten"
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
        publication._news.set()  # as what was sent before does
        done, _ = await asyncio.wait([ending], timeout=0.2)
        assert not done
        looked.set()
        await ending
    assert (publication.answered.accepted, publication.answered.refused) == (1, 1)
