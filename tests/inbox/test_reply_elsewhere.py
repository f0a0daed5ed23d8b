"""A sender has the server acknowledge to one of our subjects: nobody stands still for what then
lies there, nor forgets how far he was."""

import asyncio

import pytest
from nats.aio.client import Client
from upstream import WITHIN_S, answers, inbox, running, send, submitted

from deploy.looking.lag import lags_of_flows
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.dead_letters import buried, bury, dead_letter, dead_letters
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.jetstream.ticks import (
    EVERY_SECOND,
    serve_ticks,
    tick_subject,
)
from shared.testing.examples import DIGESTS

OURS = Message("inbox.boston.x", {"ce-id": "a"}, b"{}", 7)


async def acknowledged_at(client: Client, subject: str, stream: str) -> None:
    """Sends something into the inbox and has the server's answer stored under `subject`."""
    before = (await client.jetstream().stream_info(stream)).state.last_seq
    await client.publish("inbox.boston.note", b"{}", reply=subject)
    async with asyncio.timeout(WITHIN_S):
        while (await client.jetstream().stream_info(stream)).state.last_seq == before:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("subject", ["dead.x", "dead.intake.INBOX_BOSTON.x", "dead.a.b.c.1"])
async def test_what_is_no_dead_letter_hides_none(nats: Client, subject: str) -> None:
    await acknowledged_at(nats, subject, "DEAD")
    await bury(Publisher(nats), "intake", "INBOX_BOSTON", OURS, ZeroDivisionError())
    assert [letter.number for letter in await dead_letters(nats)] == [2]
    assert await buried(nats, "intake", "INBOX_BOSTON") == {7}
    assert await dead_letter(nats, 1) is None


@pytest.mark.parametrize("sort", ["accepted", "refused", "withdrawn"])
async def test_what_is_no_receipt_moves_no_inbox(nats: Client, sort: str) -> None:
    await send(nats, *(submitted(number) for number in range(1, 4)))
    async with running(inbox(nats)) as box:
        assert len((await answers(nats, box)).accepted) == 3
    for _twice in range(2):
        await acknowledged_at(nats, f"receipt.boston.{sort}", "RECEIPTS")
    writer = ReceiptWriter(nats, Publisher(nats), "boston", "INTAKE", DIGESTS.fingerprint)
    assert (await writer.begin(), await writer.has_come_to()) == (3, 3)
    await writer.write([], [], through=5)
    assert await writer.reached() == 5


async def test_a_position_that_says_nothing_is_none(nats: Client) -> None:
    keeper = PositionKeeper(nats, "promotion", "credits")
    await keeper.begin()
    await keeper.move(Position(7))
    await acknowledged_at(nats, "position.promotion.credits", "POSITIONS")
    assert await keeper.begin() == Position()
    assert keeper.is_unreadable
    assert {lag.position for lag in await lags_of_flows(nats)} == {0}
    await keeper.move(Position(3))
    assert await keeper.begin() == Position(3)
    assert not keeper.is_unreadable


async def test_a_lease_that_says_nothing_is_waited_for_and_taken(nats: Client) -> None:
    async with Lease(nats, "test", "one").held() as lost:
        await acknowledged_at(nats, "lease.test", "LEASES")
        await asyncio.wait_for(lost.wait(), WITHIN_S)
    two = Lease(nats, "test", "two")
    assert not (await two._look()).free, "its holder may not know yet"
    async with asyncio.timeout(WITHIN_S), two.held():
        pass


async def test_a_schedule_that_was_written_over_is_declared_again(nats: Client) -> None:
    ticked = asyncio.Event()

    async def work(_: object) -> None:
        ticked.set()

    serving = asyncio.create_task(serve_ticks(nats, "test", "sweep", EVERY_SECOND, work))
    try:
        await asyncio.wait_for(ticked.wait(), WITHIN_S)
        await acknowledged_at(nats, "schedule.test.sweep", "TICKS")
        await nats.jetstream().purge_stream("TICKS", subject=tick_subject("test", "sweep"))
        for _one_may_have_been_under_way in range(2):
            ticked.clear()
            await asyncio.wait_for(ticked.wait(), WITHIN_S)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
