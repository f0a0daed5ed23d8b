"""A source has the server hold few unfinished batches, and nobody else waits for them."""

import asyncio
import json
from typing import Any

from nats.aio.client import Client
from upstream import SUBMITTED, submitted

from shared.eventsourcing.jetstream.append import BUSY_CODES, Publisher
from shared.eventsourcing.jetstream.wire import Outgoing

MOST = 4
"""As `deploy/nats/log.conf` has it."""


def part(number: int, **more: str) -> Outgoing:
    headers, body = submitted(number)
    batch = {"Nats-Batch-Id": f"batch-{number}", "Nats-Batch-Sequence": "1"}
    return Outgoing(SUBMITTED, body, headers | batch | more)


async def said(client: Client, message: Outgoing) -> Any:
    answer = await client.request(message.subject, message.body, 5, headers=message.headers)
    return json.loads(answer.data or b"{}")


async def test_more_than_a_few_are_refused_and_other_streams_take_theirs(nats: Client) -> None:
    for number in range(MOST):
        assert await said(nats, part(number)) == {}, "so far it is only kept"
    refused = await said(nats, part(MOST))
    assert refused["error"]["err_code"] in BUSY_CODES
    others = [Outgoing("intake.report.X.1", b"{}"), Outgoing("intake.report.X.2", b"{}")]
    assert await Publisher(nats).publish(others) == 2
    headers, body = submitted(9)
    alone = await nats.jetstream().publish(SUBMITTED, body, headers=headers)
    assert alone.seq == 1, "what is no batch has no part in it"


async def test_whoever_finds_all_places_taken_waits_for_one(nats: Client) -> None:
    for number in range(MOST):
        await said(nats, part(number))
    messages = [Outgoing(SUBMITTED, b"{}"), Outgoing(SUBMITTED, b"{}")]
    sent = asyncio.Event()
    waiting = asyncio.create_task(Publisher(nats).publish(messages, sent.set))
    await sent.wait()
    ended = part(0, **{"Nats-Batch-Sequence": "2", "Nats-Batch-Commit": "1"})
    assert (await said(nats, ended))["seq"] == 2
    assert await waiting == 4
