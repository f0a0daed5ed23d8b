"""Several writers on the same aggregates of a real log: nothing lost, nothing doubled."""

import asyncio
import random

import pytest
from nats.aio.client import Client

from services.intake.domain import check, report
from services.intake.domain.report import AnswerReport, FileReport, decider
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY, REPORT_FILED, varied
from shared.testing.servers import NatsServer

REPORTS = [aggregate_id("report", "boston", str(number)) for number in range(6)]
ROUNDS = 12


def _file(report_id: str) -> Envelope:
    filed = varied(REPORT_FILED, report_id=report_id)
    return Envelope(FileReport(filed), id=f"file {report_id}")


def _answer(report_id: str, text: str) -> Envelope:
    return Envelope(AnswerReport(report_id, text, MONDAY), id=f"{report_id} {text}")


def _handler(client: Client, remembered: int = 1_000_000) -> CommandHandler:
    store = JetStreamEventStore(client)
    return CommandHandler(
        store, (report.category, check.category), lambda: MONDAY, remembered_bytes=remembered
    )


async def _write(handler: CommandHandler, name: str, seed: int) -> list[str]:
    """Batches over all aggregates in an order of its own; the answers that were acknowledged."""
    order = random.Random(seed)
    said = []
    for round_ in range(ROUNDS):
        batch = [_answer(report_id, f"{name} {round_}") for report_id in REPORTS]
        order.shuffle(batch)
        outcomes = await handler.handle(batch)
        for envelope, outcome in zip(batch, outcomes, strict=True):
            if outcome.error is None:
                assert outcome.new_events == 1
                said.append(f"{envelope.command.report_id} {envelope.command.answer}")
            else:
                assert isinstance(outcome.error, ConcurrencyError)
    return said


async def _load_all(client: Client) -> list[RecordedEvent]:
    store = JetStreamEventStore(client)
    keys = [AggregateKey("intake", "report", report_id) for report_id in REPORTS]
    return [recorded for key in keys for recorded in await store.load(key)]


@pytest.mark.parametrize("remembered", [1_000_000, 0])
async def test_handlers_that_race_for_the_same_aggregates_lose_and_double_nothing(
    server: NatsServer, nats: Client, remembered: int
) -> None:
    clients = [await connect(server.url, name) for name in ("one", "two", "three")]
    await _handler(nats).handle([_file(report_id) for report_id in REPORTS])
    said = await asyncio.gather(
        *(
            _write(_handler(client, remembered), f"writer {seed}", seed)
            for seed, client in enumerate(clients)
        )
    )
    for client in clients:
        await client.close()
    events = await _load_all(nats)
    answers = [f"{r.event.aggregate_id} {r.event.answer}" for r in events if r.revision > 1]  # type: ignore[attr-defined]
    assert sorted(answers) == sorted(answer for part in said for answer in part)
    assert len(answers) > ROUNDS * len(REPORTS), "hardly anything got through"
    info = await nats.jetstream().stream_info("INTAKE")
    assert info.state.messages == len(events)
    for report_id in REPORTS:
        own = [r for r in events if r.event.aggregate_id == report_id]
        assert [r.revision for r in own] == list(range(1, len(own) + 1))
        decider.fold(r.event for r in own)


async def test_two_handlers_that_file_the_same_report_file_it_once(
    server: NatsServer, nats: Client
) -> None:
    clients = [await connect(server.url, name) for name in ("one", "two")]
    batch = [_file(report_id) for report_id in REPORTS]
    outcomes = await asyncio.gather(*(_handler(client).handle(batch) for client in clients))
    for client in clients:
        await client.close()
    assert [o.sequence for o in outcomes[0]] == [o.sequence for o in outcomes[1]]
    assert sum(o.new_events for part in outcomes for o in part) == len(REPORTS)
    assert (await nats.jetstream().stream_info("INTAKE")).state.messages == len(REPORTS)


async def test_one_handler_used_by_several_at_once_stays_right(nats: Client) -> None:
    """A slow load must not make the handler forget what was appended meanwhile."""
    handler = _handler(nats)
    for round_ in range(20):
        report_id = aggregate_id("report", "boston", f"round {round_}")
        await asyncio.gather(
            handler.handle([_answer(report_id, "early")]),
            handler.handle([_file(report_id)]),
            handler.handle([_answer(report_id, "early too")]),
        )
        (outcome,) = await handler.handle([_answer(report_id, "after")])
        assert outcome.error is None
