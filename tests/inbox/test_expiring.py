"""What is older than its source's data are kept leaves the inbox and DEAD, and has its receipt."""

import asyncio
import json
import time
from typing import Any

import pytest
from nats.aio.client import Client
from upstream import (
    PLACES,
    SECTORS,
    WITHIN_S,
    handler,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from deploy.looking.reading import messages
from services.intake.translate import translator
from shared.contracts.receipt import Receipts
from shared.eventsourcing.inbox.expiring import Expiring
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.dead_letters import dead_letters
from shared.eventsourcing.jetstream.streams import InboxLimits, inbox_stream
from shared.testing.examples import DIGESTS, MONDAY

HOUR = 3600.0
INBOX = "INBOX_BOSTON"


def breaks_on(number: str) -> Any:
    known = translator(PLACES, SECTORS)

    def translate(upstream: Any, now: Any) -> Any:
        if upstream.data.report == number:
            raise ZeroDivisionError
        return known(upstream, now)

    return translate


def box_on(client: Client, translate: Any) -> Inbox:
    return Inbox(client, "intake", "boston", handler(client), translate, lambda _: MONDAY, DIGESTS)


async def taken_in(client: Client, box: Inbox) -> None:
    end = (await client.jetstream().stream_info(INBOX)).state.last_seq
    async with running(box), asyncio.timeout(WITHIN_S):
        while box.position < end:
            await asyncio.sleep(0.01)


def expiring(client: Client, box: Inbox, keeps_s: float = HOUR) -> Expiring:
    later = time.time() + 2 * HOUR
    return Expiring(client, "intake", box, keeps_s, lambda: later)


async def left(client: Client) -> list[int]:
    return [message.sequence async for message in messages(client, INBOX)]


async def test_what_is_old_goes_if_it_was_taken_in_and_nothing_else(nats: Client) -> None:
    box = inbox(nats)
    await send(nats, submitted(1), submitted(2))
    await taken_in(nats, box)
    await send(nats, submitted(3))
    assert await expiring(nats, box, 3 * HOUR).once() == 0
    assert await left(nats) == [1, 2, 3]
    assert await expiring(nats, box).once() == 2
    assert await left(nats) == [3]
    assert await expiring(nats, box).once() == 0
    await taken_in(nats, inbox(nats))
    assert await expiring(nats, box).once() == 1
    await send(nats, submitted(4))
    await taken_in(nats, inbox(nats))
    assert await left(nats) == [4]


async def test_a_dead_letter_is_refused_for_the_last_time_and_goes(nats: Client) -> None:
    box = box_on(nats, breaks_on("2"))
    await send(nats, submitted(1), submitted(2))
    await taken_in(nats, box)
    assert len(await dead_letters(nats)) == 1
    assert await expiring(nats, box, 3 * HOUR).once() == 0
    assert await expiring(nats, box).once() == 3
    assert await dead_letters(nats) == []
    assert await left(nats) == []
    assert await expiring(nats, box).once() == 0
    *_, last = await read_stream(nats, "RECEIPTS")
    (refused,) = Receipts.model_validate(json.loads(last.body)).refused
    assert (refused.inbox_sequence, refused.ce_id) == (2, "submitted-2")
    assert refused.problem.title == "Not kept any longer"
    assert box.tally.refused == 1


async def test_a_death_between_receipt_and_deletion_costs_no_second_receipt(nats: Client) -> None:
    box = box_on(nats, breaks_on("1"))
    await send(nats, submitted(1))
    await taken_in(nats, box)
    (letter,) = await dead_letters(nats)
    assert await box.give_up(letter.message)
    assert await expiring(nats, box).once() == 2
    receipts = [
        Receipts.model_validate_json(each.body) for each in await read_stream(nats, "RECEIPTS")
    ]
    assert sum(len(each.refused) for each in receipts) == 1


async def test_letters_of_others_stay(nats: Client) -> None:
    await nats.jetstream().publish("dead.intake.INBOX_CHICAGO.1", b"{}")
    await nats.jetstream().publish("dead.promotion.INTAKE.1", b"{}")
    assert await expiring(nats, inbox(nats)).once() == 0


async def test_an_inbox_of_before_lets_nothing_go_and_its_letters_do(nats: Client) -> None:
    await nats.jetstream().delete_stream(INBOX)
    config = inbox_stream("boston", InboxLimits())
    config.deny_delete = True
    await nats.jetstream().add_stream(config)
    box = box_on(nats, breaks_on("1"))
    await send(nats, submitted(1))
    await taken_in(nats, box)
    assert await expiring(nats, box).once() == 1
    assert await left(nats) == [1]
    assert await dead_letters(nats) == []


@pytest.mark.parametrize("given", [b"", b"{}", b"\xff"])
async def test_a_letter_that_nobody_can_read_goes_as_well(nats: Client, given: bytes) -> None:
    box = box_on(nats, breaks_on("1"))
    await send(nats, submitted(1))
    await taken_in(nats, box)
    await nats.jetstream().publish("dead.intake.INBOX_BOSTON.1", given)
    assert await expiring(nats, box).once() >= 2
    assert await dead_letters(nats) == []
