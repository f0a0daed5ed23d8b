"""A batch is acknowledged only when its work is durable, whoever does the work."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from nats.aio.client import Client
from sqlalchemy import Engine

from services.intake.domain import check, report
from services.intake.projections import reports
from services.intake.translate import translator
from services.promotion.domain.member import category
from services.promotion.reactions import REACTIONS
from services.publishing.passages import passages
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.eventsourcing.jetstream.reader import Reader
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.reactor import Reactor
from shared.eventsourcing.relay import Relay
from shared.testing.examples import (
    DIGESTS,
    MONDAY,
    REPORT_CONFIRMED,
    REPORT_FILED,
    ROXBURY,
    STREET_LIGHTS,
    new_event,
    varied,
)

WITHIN_S = 60.0
MANY = 2_400
Durable = Callable[[], Awaitable[int]]


def handler(client: Client, *categories: Any) -> CommandHandler:
    return CommandHandler(JetStreamEventStore(client), categories, lambda: MONDAY)


def projector(client: Client, engine: Engine) -> tuple[Any, Durable]:
    prepare(engine, [reports.read_model])
    works = Projector(engine, [reports.read_model])

    async def durable() -> int:
        with engine.connect().execution_options(reads_only=True) as connection:
            return checkpoints.read(connection, "reports_v5")

    return works.run(client, "test"), durable


def reactor(client: Client, _: Engine) -> tuple[Any, Durable]:
    credits_, *_ = REACTIONS
    works = Reactor(client, credits_, handler(client, category(())))
    return works.run(), _position(client, "promotion", credits_.name)


def relay(client: Client, _: Engine) -> tuple[Any, Durable]:
    passage = passages(b"a key for tests")[0]
    works = Relay(client, "publishing", passage, lambda: MONDAY)
    return works.run(), _position(client, "publishing", passage.name)


def _position(client: Client, service: str, name: str) -> Durable:
    async def durable() -> int:
        return (await PositionKeeper(client, service, name).begin()).sequence

    return durable


def inbox(client: Client, _: Engine) -> tuple[Any, Durable]:
    commands = handler(client, report.category, check.category)
    translate = translator({ROXBURY}, {STREET_LIGHTS}, {"boston"})
    works = Inbox(client, "intake", "boston", commands, translate, lambda _: MONDAY, DIGESTS)
    return works.run(), works._receipts.has_come_to


async def fill(client: Client) -> None:
    """A log to read, and an inbox."""
    store = JetStreamEventStore(client)
    for start in range(0, MANY // 2, 250):
        await store.append([_report(n) for n in range(start, min(start + 250, MANY // 2))])
    sent = [
        await client.jetstream().publish_async("inbox.boston.report.submitted", *_submitted(n))
        for n in range(MANY)
    ]
    await asyncio.wait_for(asyncio.gather(*sent), 60)


def _report(number: int) -> Append:
    events = [varied(e, report_id=f"{number:032x}") for e in (REPORT_FILED, REPORT_CONFIRMED)]
    news = [new_event(event, n + 1, f"command {number}", n) for n, event in enumerate(events)]
    return Append(AggregateKey("intake", "report", f"{number:032x}"), 0, news)


def _submitted(number: int) -> tuple[bytes]:
    return (json.dumps({"number": number}).encode(),)


@pytest.mark.parametrize("make", [projector, reactor, relay, inbox])
async def test_what_is_acknowledged_is_durable(
    nats: Client,
    database: Engine,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Client, Engine], tuple[Any, Durable]],
) -> None:
    """Else operators see no lag where a crash would begin again."""
    await fill(nats)
    run, durable = make(nats, database)
    told: list[tuple[int, int]] = []
    real = Reader.done_with

    async def done_with(reader: Reader, batch: list[Message]) -> None:
        told.append((batch[-1].sequence, await durable()))
        await real(reader, batch)

    monkeypatch.setattr(Reader, "done_with", done_with)
    task = asyncio.create_task(run)
    async with asyncio.timeout(WITHIN_S):
        while not task.done() and (not told or told[-1][0] < MANY):
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(told) > 1, "it was one batch"
    assert [sequence for sequence, _ in told] == [reached for _, reached in told]
