"""Every upstream message gets exactly one receipt, whatever happens on the way."""

import asyncio
import json
from pathlib import Path

from crashing import Crashing
from nats.aio.client import Client
from own_server import own_server
from upstream import (
    RESOLVED,
    WITHIN_S,
    all_answers,
    answers,
    headers,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from services.intake.domain import check, report
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.dead_letters import dead_letter, remove
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.testing.examples import MONDAY
from shared.testing.servers import NatsServer

TICKS_ENOUGH_FOR_ALL = 3_000_000


async def test_a_report_is_accepted_with_our_id_and_its_sequence(nats: Client) -> None:
    async with running(inbox(nats)) as box:
        await send(nats, submitted(101))
        found = await answers(nats, box)
    receipt = found.accepted[1]
    assert found.is_complete(1)
    assert receipt.ce_id == "submitted-101"
    assert receipt.kind == "report.submitted"
    assert receipt.id == aggregate_id("report", "boston", "101")
    assert (receipt.sequence, receipt.duplicate) == (1, False)


async def test_a_refusal_names_the_message_and_the_field(nats: Client) -> None:
    async with running(inbox(nats)) as box:
        await send(nats, submitted(101, place="us.ma.atlantis"))
        found = await answers(nats, box)
    refused = found.refused[1]
    assert refused.ce_id == "submitted-101"
    assert refused.problem.type == "urn:tribune:problem:unknown-place"
    assert [fault.pointer for fault in refused.problem.errors] == ["/place"]


async def test_a_forbidden_command_is_refused_with_the_reason(nats: Client) -> None:
    body = {"report": "7", "outcome": "confirmed", "resolved_at": MONDAY.isoformat()}
    async with running(inbox(nats)) as box:
        message = (headers("r-7", "report.resolved"), json.dumps(body).encode())
        await send(nats, message, subject=RESOLVED)
        found = await answers(nats, box)
    assert found.refused[1].problem.type == "urn:tribune:problem:forbidden-now"
    assert found.refused[1].problem.detail == "No such report was filed before."


async def test_a_bad_message_costs_the_others_of_its_batch_nothing(nats: Client) -> None:
    good = [submitted(number) for number in range(300)]
    bad = [({}, b"nonsense"), submitted(1, ce_id="x", sector="a.b"), (headers("y"), b"{")]
    mixed = [*good[:100], bad[0], *good[100:200], bad[1], bad[2], *good[200:]]
    await send(nats, *mixed)
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert found.is_complete(303)
    assert sorted(found.refused) == [101, 202, 203]
    assert found.messages < 10, "the receipts of a batch belong into one message"


async def test_receipts_that_are_more_than_a_message_takes_go_in_several(tmp_path: Path) -> None:
    """Whoever runs a server with the usual limit of 1 MB must not stand still for ever."""
    fields = ("report", "place", "sector", "text", "filed_at", "confidential")
    wrong = {field: [1] for field in fields}
    bad = [submitted(1, ce_id=f"{number:\U0001d11e>190}", **wrong) for number in range(500)]
    conf = "max_payload: 256KB\njetstream: {max_file: 1GB, sync_interval: always}"
    with own_server(tmp_path, conf) as server:
        client = await connect(server.url, "test")
        await declare(client.jetstream(), suite_streams({"boston": InboxLimits(64 * 1024**2)}))
        await send(client, *bad)
        async with running(inbox(client)) as box:
            found = await answers(client, box)
        assert found.is_complete(500)
        assert len(found.refused) == 500
        assert 1 < found.messages < 20
        assert client.stats["reconnects"] == 0
        await client.close()


async def test_the_same_event_again_is_a_duplicate_with_the_earlier_id(nats: Client) -> None:
    async with running(inbox(nats)) as box:
        await send(nats, submitted(1), submitted(2), submitted(1))
        await answers(nats, box)
        await send(nats, submitted(2))
        found = await answers(nats, box)
    assert [found.accepted[n].duplicate for n in (1, 2, 3, 4)] == [False, False, True, True]
    assert [found.accepted[n].sequence for n in (1, 2, 3, 4)] == [1, 2, 1, 2]
    assert len(await read_stream(nats, "INTAKE")) == 2


async def test_a_crash_between_append_and_receipt_leaves_one_receipt_for_each(nats: Client) -> None:
    messages = [submitted(number % 400, ce_id=f"{number % 400}") for number in range(900)]
    await send(nats, *messages, ({}, b"nonsense"))
    commands = Crashing(
        JetStreamEventStore(nats), (report.category, check.category), lambda: MONDAY
    )
    commands.crashes = 2
    async with running(inbox(nats, commands)) as box:
        found = await answers(nats, box)
    assert commands.crashes == 0
    assert found.is_complete(901)
    duplicates = [sequence for sequence, a in found.accepted.items() if a.duplicate]
    assert sorted(duplicates) == list(range(401, 901)), "a redelivery is no duplicate"
    assert len(await read_stream(nats, "INTAKE")) == 400


async def test_a_service_that_dies_there_is_followed_by_one_that_sends_the_receipts(
    nats: Client,
) -> None:
    await send(nats, *(submitted(number) for number in range(50)))
    for _life in range(3):
        commands = Crashing(
            JetStreamEventStore(nats), (report.category, check.category), lambda: MONDAY
        )
        commands.crashes = 1
        (failure,) = await asyncio.gather(
            asyncio.wait_for(inbox(nats, commands).run(), WITHIN_S), return_exceptions=True
        )
        assert isinstance(failure, ConnectionResetError)
    assert (await all_answers(nats)).receipts == 0
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert found.is_complete(50)
    assert not any(receipt.duplicate for receipt in found.accepted.values())
    assert len(await read_stream(nats, "INTAKE")) == 50


async def test_stopped_at_any_moment_and_started_anew_it_answers_each_once(nats: Client) -> None:
    await send(nats, *(submitted(number) for number in range(1700)))
    stops, pause = 0, 0
    while (found := await all_answers(nats)).receipts < 1700:
        run = asyncio.create_task(inbox(nats).run())
        for _ in range(pause):
            await asyncio.sleep(0)
            if run.done():
                run.result()
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert pause < TICKS_ENOUGH_FOR_ALL, "it never comes to an end"
        stops, pause = stops + 1, pause + pause // 3 + 20
    assert stops > 1
    assert found.is_complete(1700)
    assert len(await read_stream(nats, "INTAKE")) == 1700


async def test_two_that_serve_the_same_inbox_do_not_answer_twice(
    server: NatsServer, nats: Client
) -> None:
    other = await connect(server.url, "replica")
    async with running(inbox(nats)), running(inbox(other)):
        for start in range(0, 600, 100):
            await send(nats, *(submitted(number) for number in range(start, start + 100)))
            await one_of_them_is_there(nats, start + 100)
    found = await all_answers(nats)
    await other.close()
    assert found.is_complete(600)
    assert len(await read_stream(nats, "INTAKE")) == 600


async def one_of_them_is_there(client: Client, sent: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while (await all_answers(client)).receipts < sent:
            await asyncio.sleep(0.01)


async def test_what_fails_for_a_reason_of_ours_lies_in_dead_and_can_be_tried_again(
    nats: Client,
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("ours")

    box = inbox(nats)
    preparation = box._preparation
    mended, preparation._translate = preparation._translate, broken
    async with running(box):
        await send(nats, submitted(1), ({}, b"nonsense"))
        found = await answers(nats, box)
        assert found.is_complete(2)
        assert found.dead == {1: "ZeroDivisionError: ours"}
        letter = await dead_letter(nats, 1)
        assert letter is not None
        assert isinstance(await box.redrive(letter.message), ZeroDivisionError)
        preparation._translate = mended
        for _again in (1, 2):
            assert await box.redrive(letter.message) is None
        await remove(nats, letter.number)
        found = await answers(nats, box)
        await send(nats, submitted(2))
        found = await answers(nats, box)
    assert found.is_complete(3)
    assert found.accepted[1].id == aggregate_id("report", "boston", "1")
