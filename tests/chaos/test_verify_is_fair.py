"""What is under way, given up or not there any more `verify` does not call a fault."""

import asyncio

import pytest
from real_suite import Home, proven
from test_mending import tribune

from deploy.looking.reading import messages
from shared.contracts.receipt import Problem, Refused
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.inbox.parse import STRUCTURED
from shared.eventsourcing.inbox.receipts import THROUGH, ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.streams import log_stream, receipts_stream
from shared.eventsourcing.jetstream.wire import Outgoing

pytestmark = pytest.mark.deep

OLDER = (THROUGH, "content-type")


async def test_an_inbox_that_is_to_be_taken_in_again_is_behind_and_no_more(copy: Home) -> None:
    """Its earlier receipts are withdrawn; that is not the same as lost."""
    await asyncio.to_thread(tribune, copy, "redo", "inbox-boston")
    verdict = await proven(copy)
    assert verdict.wrong == []
    assert verdict.behind


async def test_what_was_given_up_stays_given_up_when_only_part_of_it_is_taken_in_again(
    copy: Home,
) -> None:
    async with copy.log() as client:
        writer = ReceiptWriter(client, Publisher(client), "boston", "INTAKE")
        through = await writer.reached()
        for _ in range(10):
            await Publisher(client).publish([Outgoing("inbox.boston.x", b"")])
        for behind in (through + 10, through + 5, through + 10):
            await writer.take_again(behind)
    assert (await proven(copy)).wrong == []


async def test_receipts_of_an_older_version_are_receipts(copy: Home) -> None:
    """They do not say up to where their log was written; what they name says it."""
    async with copy.log() as client:
        kept = [message async for message in messages(client, "RECEIPTS")]
        await client.jetstream().delete_stream("RECEIPTS")
        await client.jetstream().add_stream(receipts_stream())
        for one in kept:
            headers = {name: said for name, said in one.headers.items() if name in OLDER}
            await Publisher(client).publish([Outgoing(one.subject, one.body, headers)])
    assert (await proven(copy)).wrong == []


async def test_the_id_of_a_structured_event_stands_in_its_body(copy: Home) -> None:
    """A header beside it can be anything; taken for the id, it made a good receipt a wrong one."""
    headers = {"content-type": STRUCTURED, "ce-id": "another"}
    async with copy.log() as client:
        number = await Publisher(client).publish([Outgoing("inbox.boston.x", b"{}", headers)])
        problem = Problem(type="urn:x", title="x", detail="x")
        refused = Refused(ce_id="its own", inbox_sequence=number, kind="x", problem=problem)
        writer = ReceiptWriter(client, Publisher(client), "boston", "INTAKE")
        await writer.reached()
        await writer.write([], [refused], through=number)
    assert (await proven(copy)).wrong == []


async def test_a_public_stream_that_an_older_version_began_is_as_good(copy: Home) -> None:
    """It gave each public id subjects of its own; what is written today stands behind them."""
    async with copy.log() as client:
        kept = [message async for message in messages(client, "PUBLIC")]
        await client.jetstream().delete_stream("PUBLIC")
        await client.jetstream().add_stream(log_stream("PUBLIC"))
        for start in range(0, len(kept), 500):
            await Publisher(client).publish([_older(one) for one in kept[start : start + 500]])
    assert (await proven(copy)).wrong == []


def _older(one: Message) -> Outgoing:
    """Every other one as an older version wrote it."""
    own = {name: said for name, said in one.headers.items() if not name.startswith("Nats-")}
    event = decode(own, one.body, one.sequence).event
    return Outgoing(event.subjects[one.sequence % 2], one.body, own)
