"""A real intake is killed again and again while it works out who repeats what."""

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from nats.aio.client import Client
from service_process import service_process

from deploy.looking.reading import messages
from shared.contracts.receipt import Receipts
from shared.contracts.report import DuplicateClaimed, ReportMarkedDuplicate
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import RecordedEvent
from shared.testing.examples import report_id
from shared.testing.servers import NatsServer

WITHIN_S = 120.0
LONG_AGO = "2012-01-02T12:00:00+00:00"
REPORTS, CHAINS, KILLS = 300, 20, 4


def message(number: int, kind: str, **body: Any) -> tuple[str, bytes, dict[str, str]]:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": f"{kind} {number}",
        "ce-source": "https://311.example",
        "ce-type": kind,
    }
    return f"inbox.boston.{kind}", json.dumps({"report": str(number)} | body).encode(), headers


def told() -> list[tuple[str, bytes, dict[str, str]]]:
    """Each repeats the one before it, in so many chains; the heads are filed last."""
    at = LONG_AGO
    where = {"place": "us.ma.boston.roxbury", "sector": "street-lights", "filed_at": at}
    filed = [message(number, "report.submitted", **where) for number in range(REPORTS)]
    said = [
        message(number, "report.resolved", outcome="duplicate", duplicate_of=of, resolved_at=at)
        for number, of in ((n, str(n - CHAINS)) for n in range(CHAINS, REPORTS))
    ]
    Random(1925).shuffle(said)
    return [*filed[CHAINS:], *said, *filed[:CHAINS]]


async def log(client: Client) -> list[RecordedEvent]:
    return [decode(m.headers, m.body, m.sequence) async for m in messages(client, "INTAKE")]


async def count(client: Client, kind: type) -> int:
    filter_ = f"intake.report.{kind.__name__}.>"
    info = await client.jetstream().stream_info("INTAKE", subjects_filter=filter_)
    return sum((info.state.subjects or {}).values())


@pytest.mark.deep
async def test_kills_leave_one_head_for_each_chain_and_one_receipt_for_each_message(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    sent = told()
    for subject, body, headers in sent:
        await nats.jetstream().publish(subject, body, headers=headers)
    for life in range(KILLS):
        async with service_process("intake", server, tmp_path) as intake:
            goal = (life + 1) * REPORTS // (2 * KILLS)
            async with asyncio.timeout(WITHIN_S):
                while await count(nats, ReportMarkedDuplicate) < goal:
                    assert intake.process.returncode is None, intake.said
                    await asyncio.sleep(0.005)
            intake.process.kill()
            await intake.process.wait()
    heads: dict[str, str | None] = {}
    expected = {report_id(n): report_id(n % CHAINS) for n in range(CHAINS, REPORTS)}
    async with service_process("intake", server, tmp_path), asyncio.timeout(WITHIN_S):
        while heads != expected:
            events = await log(nats)
            heads = {
                each.event.report_id: each.event.head
                for each in events
                if isinstance(each.event, ReportMarkedDuplicate)
            }
            await asyncio.sleep(0.1)
    assert len({each.id for each in events}) == len(events)
    assert sum(isinstance(each.event, DuplicateClaimed) for each in events) == REPORTS - CHAINS
    receipts: list[int] = []
    async for one in messages(nats, "RECEIPTS"):
        receipts += [
            each.inbox_sequence for each in Receipts.model_validate_json(one.body).accepted
        ]
    assert sorted(receipts) == list(range(1, len(sent) + 1))
