"""A source says what repeats what: one receipt for each word, and one head for each chain."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from crashing import Crashing
from nats.aio.client import Client
from upstream import (
    RESOLVED,
    Answered,
    answers,
    headers,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from deploy.looking.why import explain
from deploy.verify.expectations import expectations
from services.intake.app import CATEGORIES, REACTIONS
from services.intake.processes.duplicates import RING
from shared.contracts.report import DuplicateRefused, ReportMarkedDuplicate
from shared.eventsourcing.cloudevents import decode, encode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.reactor import Reactor
from shared.runtime.settings import Settings
from shared.testing.examples import (
    MONDAY,
    REPORT_FILED,
    REPORT_MARKED_DUPLICATE,
    new_event,
    report_id,
    varied,
)

WITHIN_S = 60.0
REACTION, *_ = REACTIONS
HEADS = ("head", "as_of")


def handler(client: Client, crashes: int = 0) -> CommandHandler:
    made = Crashing(JetStreamEventStore(client), CATEGORIES, lambda: MONDAY)
    made.crashes = crashes
    return made


def repeats(number: int, original: int) -> tuple[dict[str, str], bytes]:
    body = {
        "report": str(number),
        "outcome": "duplicate",
        "duplicate_of": str(original),
        "resolved_at": MONDAY.isoformat(),
    }
    return headers(f"{number} repeats {original}", "report.resolved"), json.dumps(body).encode()


async def take_in(client: Client, reports: Sequence[int], *said: tuple[int, int]) -> Answered:
    """Reports first, then what is said of them."""
    await send(client, *(submitted(number) for number in reports))
    await send(client, *(repeats(*each) for each in said), subject=RESOLVED)
    async with running(inbox(client, handler(client))) as box:
        return await answers(client, box)


async def come_to_rest(client: Client, crashes: int = 0) -> None:
    """Until nothing is left to react to; who crashes begins again, and remembers nothing."""
    reactor = Reactor(client, REACTION, handler(client, crashes))
    run = asyncio.create_task(reactor.run())
    async with asyncio.timeout(WITHIN_S):
        while not run.done() and reactor.position < await last_under(
            client, "INTAKE", REACTION.filters
        ):
            await asyncio.sleep(0.01)
    run.cancel()
    (result,) = await asyncio.gather(run, return_exceptions=True)
    if isinstance(result, ConnectionResetError):
        await come_to_rest(client, crashes - 1)
    elif isinstance(result, ConcurrencyError):
        await come_to_rest(client, crashes)
    elif isinstance(result, Exception):
        raise result


async def log(client: Client) -> list[RecordedEvent]:
    return [decode(m.headers, m.body, m.sequence) for m in await read_stream(client, "INTAKE")]


async def heads(client: Client) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for recorded in await log(client):
        if isinstance(recorded.event, ReportMarkedDuplicate):
            found[recorded.event.report_id] = recorded.event.head
        elif isinstance(recorded.event, DuplicateRefused):
            found.pop(recorded.event.report_id, None)
    return found


@pytest.mark.parametrize("said", [[(1, 2), (2, 3)], [(2, 3), (1, 2)]], ids=["on", "back"])
async def test_a_chain_leads_to_one_head_in_whatever_order_it_is_told(
    nats: Client, said: list[tuple[int, int]]
) -> None:
    answered = await take_in(nats, (1, 2, 3), *said)
    assert answered.is_complete(5)
    receipts = [answered.accepted[sequence] for sequence in (4, 5)]
    assert [receipt.id for receipt in receipts] == [report_id(one) for one, _ in said]
    await come_to_rest(nats)
    assert await heads(nats) == {report_id(1): report_id(3), report_id(2): report_id(3)}


async def test_an_unknown_original_is_waited_for(nats: Client) -> None:
    answered = await take_in(nats, (1,), (1, 2))
    assert answered.is_complete(2)
    assert len(answered.accepted) == 2
    await come_to_rest(nats)
    assert await heads(nats) == {}
    answered = await take_in(nats, (2,))
    assert answered.accepted[3].id == report_id(2)
    await come_to_rest(nats)
    assert await heads(nats) == {report_id(1): report_id(2)}
    assert answered.is_complete(3)


async def test_no_report_is_its_own_duplicate(nats: Client) -> None:
    answered = await take_in(nats, (1,), (1, 1))
    assert answered.refused[2].problem.detail == "A report is not its own duplicate."


async def test_who_would_close_a_ring_is_refused_with_the_reason_and_open_again(
    nats: Client,
) -> None:
    answered = await take_in(nats, (1, 2, 3), (1, 2), (2, 3), (3, 1))
    assert len(answered.accepted) == 6
    await come_to_rest(nats)
    assert await heads(nats) == {report_id(1): report_id(3), report_id(2): report_id(3)}
    refused = [each.event for each in await log(nats) if isinstance(each.event, DuplicateRefused)]
    assert [(each.report_id, each.reason) for each in refused] == [(report_id(3), RING)]
    answered = await take_in(nats, (4,), (3, 4))
    assert answered.is_complete(8)
    await come_to_rest(nats)
    assert set((await heads(nats)).values()) == {report_id(4)}


async def test_crashes_after_every_append_change_neither_heads_nor_log(nats: Client) -> None:
    said = [(number, number + 1) for number in range(1, 12)]
    await take_in(nats, range(1, 13), *said)
    await come_to_rest(nats, crashes=40)
    assert await heads(nats) == {report_id(one): report_id(12) for one, _ in said}
    told = await log(nats)
    assert len({each.id for each in told}) == len(told)
    for lost in range(2):
        await nats.jetstream().purge_stream("POSITIONS")
        await come_to_rest(nats, crashes=3)
        assert await log(nats) == told, f"asked anew, {lost}"


async def test_two_at_work_without_any_lease_lead_to_the_same_heads(nats: Client) -> None:
    """One of them has been frozen, and does not know yet that the other took over."""
    said = [(number, number % 7 + 20) for number in range(1, 20)] + [(n, 30) for n in range(20, 27)]
    await take_in(nats, range(1, 31), *said)
    await asyncio.gather(*(come_to_rest(nats) for _ in range(2)))
    assert await heads(nats) == {report_id(one): report_id(30) for one, _ in said}


async def _old_log(client: Client, *said: tuple[int, int]) -> None:
    """As it was written when a source's word was a mark at once."""
    for number in range(1, 5):
        await _publish(client, varied(REPORT_FILED, report_id=report_id(number)), number, 1)
    for number, original in said:
        mark = {"report_id": report_id(number), "duplicate_of": report_id(original)}
        event = varied(REPORT_MARKED_DUPLICATE, **mark, head=None, as_of=0)
        await _publish(client, event, number, 2)


async def _publish(client: Client, event: Any, number: int, revision: int) -> None:
    subject, told, body = encode(new_event(event, revision, f"old {number}", revision - 1))
    if isinstance(event, ReportMarkedDuplicate):
        told["ce-dataschema"] = told["ce-dataschema"].replace(":2", ":1")
        new = json.loads(body)
        body = json.dumps({name: new[name] for name in new if name not in HEADS}).encode()
    await client.jetstream().publish(subject, body, headers=told)


async def test_marks_of_an_older_log_are_given_their_heads(nats: Client) -> None:
    await _old_log(nats, (1, 2), (2, 3), (3, 1), (4, 4))
    await come_to_rest(nats)
    assert await heads(nats) == {report_id(1): report_id(3), report_id(2): report_id(3)}
    refused = [each.event for each in await log(nats) if isinstance(each.event, DuplicateRefused)]
    assert {each.report_id for each in refused} == {report_id(3), report_id(4)}


async def test_why_tells_the_chain(nats: Client) -> None:
    await take_in(nats, (1, 2, 3), (1, 2), (2, 3))
    await come_to_rest(nats)
    (last,) = [
        each
        for each in await log(nats)
        if isinstance(each.event, ReportMarkedDuplicate)
        and (each.event.report_id, each.event.head) == (report_id(1), report_id(3))
    ]
    lines = [line async for line in explain(nats, f"INTAKE/{last.sequence}")]
    assert f"head={report_id(3)}" in lines[0].text
    told = [line.what for line in lines]
    assert told[:3] == ["ReportMarkedDuplicate", "ReportFiled", "report.submitted"]
    for what in ("HeadFound", "HeadNamed", "DuplicateClaimed", "report.resolved"):
        assert what in told
    assert not any("chains=" in line.text for line in lines)


async def test_verify_expects_what_the_process_asks_for(nats: Client) -> None:
    await take_in(nats, (1, 2, 3), (1, 2), (2, 3), (3, 1))
    await come_to_rest(nats)
    (known,) = [each for each in expectations(Settings()) if each.flow.name == "duplicates"]
    there = {each.id for each in await log(nats)}
    due = [
        one
        for each in await log(nats)
        if each.event.type_name() in known.handles
        for one in known.ids(each)
    ]
    assert len(set(due) & there) > 10
    asked = {each.id for each in await log(nats) if each.cause.startswith("INTAKE/")}
    assert len(asked - set(due)) <= 2, "only further events of one command"
