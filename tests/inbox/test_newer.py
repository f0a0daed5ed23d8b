"""In a rolling upgrade an older process meets what it does not know, and waits for a newer one."""

import asyncio
import json
from typing import ClassVar

import pytest
from nats.aio.client import Client
from upstream import (
    RESOLVED,
    all_answers,
    answers,
    confirmed,
    inbox,
    running,
    send,
    submitted,
)

from services.intake.domain.settlement import SETTLED_BY
from shared.contracts.identity import aggregate_id
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.report import ReportEvent
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.runtime.loops import Loop, Loops
from shared.testing.examples import MONDAY, ROXBURY, STREET_LIGHTS


class ReportStarred(ReportEvent):
    """What only a newer process knows."""

    service: ClassVar[str] = "intake"


async def starred(client: Client, number: int) -> None:
    """A newer replica has written about this report."""
    report_id = aggregate_id("report", "boston", str(number))
    said = {
        "report_id": report_id,
        "place": ROXBURY,
        "sector": STREET_LIGHTS,
        "confidential": False,
    }
    attributes = {
        "ce-type": "tribune.intake.ReportStarred",
        "ce-dataschema": "urn:tribune.intake.ReportStarred:1",
        "ce-id": f"starred {number}",
        "ce-revision": "2",
        "ce-time": MONDAY.isoformat(),
    }
    subject = f"intake.report.ReportStarred.{report_id}.{ROXBURY}"
    await Publisher(client).publish([Outgoing(subject, json.dumps(said).encode(), attributes)])


async def test_what_needs_a_newer_process_waits_and_what_came_before_is_answered(
    nats: Client,
) -> None:
    """No good message lies in DEAD because of it, and readiness says why nothing moves."""
    async with running(inbox(nats)) as box:
        await send(nats, *(submitted(number) for number in range(1, 6)))
        await answers(nats, box)
    await starred(nats, 3)
    await send(nats, *(confirmed(number) for number in range(1, 6)), subject=RESOLVED)
    box = inbox(nats)
    loops = Loops([Loop("inbox", box.run, position=lambda: box.position)])
    task = asyncio.create_task(loops.run())
    async with asyncio.timeout(60):
        while box.position < 7 or not loops.troubles():
            await asyncio.sleep(0.01)
    found = await all_answers(nats)
    assert sorted(found.accepted) == list(range(1, 8)), "up to the one that has to wait"
    assert found.dead == {}
    (trouble,) = loops.troubles()
    assert "tribune.intake.ReportStarred 1 is newer than this process" in trouble
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_process_that_knows_it_goes_on_from_there(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(inbox(nats)) as box:
        await send(nats, *(submitted(number) for number in range(1, 6)))
        await answers(nats, box)
    await starred(nats, 3)
    await send(nats, *(confirmed(number) for number in range(1, 6)), subject=RESOLVED)
    older = asyncio.create_task(inbox(nats).run())
    await asyncio.wait([older], timeout=60)
    assert "is newer than this process" in str(older.exception())
    monkeypatch.setitem(EVENT_TYPES, ReportStarred.type_name(), ReportStarred)
    monkeypatch.setitem(SETTLED_BY, ReportStarred, None)
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert found.is_complete(10)
    assert len(found.accepted) == 10
    assert not any(receipt.duplicate for receipt in found.accepted.values())


async def test_a_newer_version_of_a_known_type_is_waited_for_too(nats: Client) -> None:
    async with running(inbox(nats)) as box:
        await send(nats, submitted(1))
        await answers(nats, box)
    message = await nats.jetstream().get_msg("INTAKE", 1)
    newer = {
        name: text for name, text in (message.headers or {}).items() if name.startswith("ce-")
    } | {"ce-revision": "2", "ce-dataschema": "urn:tribune.intake.ReportFiled:99", "ce-id": "new"}
    subject, body = str(message.subject).replace(ROXBURY, "us.ma"), message.data or b""
    await Publisher(nats).publish([Outgoing(subject, body, newer)])
    await send(nats, confirmed(1), subject=RESOLVED)
    waiting = asyncio.create_task(inbox(nats).run())
    await asyncio.wait([waiting], timeout=60)
    assert "tribune.intake.ReportFiled 99 is newer" in str(waiting.exception())
    assert (await all_answers(nats)).dead == {}
