"""A load is a picture of one moment, whatever is appended while it is taken."""

import asyncio
import json
from typing import Any

import pytest
from nats.aio.client import Client

from services.intake.domain import check, report
from services.intake.domain.report import (
    AlreadySettledError,
    AnswerReport,
    ConfirmReport,
    FileReport,
    RefuteReport,
)
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.cloudevents import encode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import AggregateKey, Since
from shared.eventsourcing.jetstream.direct_get import DirectGet, Page
from shared.eventsourcing.jetstream.event_store import LOADED_AT_ONCE, JetStreamEventStore
from shared.eventsourcing.jetstream.message import Message
from shared.testing.examples import MONDAY, REPORT_FILED, new_event, varied

REPORT = aggregate_id("report", "boston", "1")
KEY = AggregateKey("intake", "report", REPORT)


def handler(store: JetStreamEventStore) -> CommandHandler:
    return CommandHandler(store, (report.category, check.category), lambda: MONDAY)


def file(report_id: str = REPORT) -> Envelope:
    filed = varied(REPORT_FILED, report_id=report_id)
    return Envelope(FileReport(filed), id=f"file {report_id}")


def answer(text: str) -> Envelope:
    return Envelope(AnswerReport(REPORT, text, MONDAY), id=text)


class Interrupted(JetStreamEventStore):
    """Others write as soon as the first question is answered, and before the second one is."""

    def __init__(self, client: Client, others: CommandHandler, *then: Envelope) -> None:
        super().__init__(client)
        self._others = others
        self._then = list(then)

    async def _whole_subject(self, stream: str, subject: str) -> list[Message]:
        if self._then:
            commands, self._then = self._then, []
            await self._others.handle(commands)
        return await super()._whole_subject(stream, subject)


async def test_what_is_appended_while_an_aggregate_is_loaded_does_not_tear_it(
    nats: Client,
) -> None:
    """Five events of which the fourth was left out, with the sequence of the fifth, once made a
    report both confirmed and refuted."""
    others = handler(JetStreamEventStore(nats))
    await others.handle([file(), answer("one"), answer("two")])
    confirm = Envelope(ConfirmReport(REPORT, "seen", MONDAY), id="confirm")
    store = Interrupted(nats, others, confirm, answer("three"))
    (outcome,) = await handler(store).handle(
        [Envelope(RefuteReport(REPORT, "not seen", MONDAY), id="refute")]
    )
    assert isinstance(outcome.error, AlreadySettledError)
    events = await JetStreamEventStore(nats).load(KEY)
    assert [type(recorded.event).__name__ for recorded in events] == [
        "ReportFiled",
        "ReportAnswered",
        "ReportAnswered",
        "ReportConfirmed",
        "ReportAnswered",
    ]


async def test_many_aggregates_are_loaded_as_each_would_be_alone(nats: Client) -> None:
    """Those that are whole in one answer, those that are not, and those that are not there."""
    ids = [aggregate_id("report", "boston", str(number)) for number in range(250)]
    one = handler(JetStreamEventStore(nats))
    await one.handle([file(each) for each in ids[:240]])
    more = [
        Envelope(AnswerReport(each, text, MONDAY), id=f"{each} {text}")
        for each in ids[:20]
        for text in "ab"
    ]
    await one.handle(more)
    store = JetStreamEventStore(nats)
    keys = [AggregateKey("intake", "report", each) for each in ids]
    found = await store.load_all(keys)
    for key in keys:
        assert found[key] == await store.load(key)
    assert [len(found[key]) for key in keys] == [3] * 20 + [1] * 220 + [0] * 10  # type: ignore[arg-type]


class Asked(DirectGet):
    """Counts how many ask at once, and lets others write before the second subject is read."""

    def __init__(self, client: Client, others: CommandHandler, *then: Envelope) -> None:
        super().__init__(client)
        self._others = others
        self._then = list(then)
        self.subjects = 0
        self.now = self.most = 0

    async def all(self, stream: str, query: dict[str, Any]) -> Page:
        self.now += 1
        self.most = max(self.most, self.now)
        self.subjects += "next_by_subj" in query
        if self._then and self.subjects == 2:
            commands, self._then = self._then, []
            await self._others.handle(commands)
        try:
            return await super().all(stream, query)
        finally:
            self.now -= 1


async def test_what_came_since_is_a_picture_of_one_moment_too(nats: Client) -> None:
    """Of what is appended meanwhile some subjects are read after it, and others were before."""
    others = handler(JetStreamEventStore(nats))
    await others.handle([file(), answer("one")])
    (first, _) = await JetStreamEventStore(nats).load(KEY)
    store = JetStreamEventStore(nats)
    confirm = Envelope(ConfirmReport(REPORT, "seen", MONDAY), id="confirm")
    store._get = asked = Asked(nats, others, confirm, answer("two"))
    since = Since(first.sequence, first.revision, first.id)
    found = await store.load_since(KEY, since)
    assert [recorded.revision for recorded in found or ()] == [2]
    assert asked.subjects == 2, "at the first look"
    assert [each.revision for each in await store.load_since(KEY, since) or ()] == [2, 3, 4]


async def test_so_many_are_asked_for_at_once_and_no_more(nats: Client) -> None:
    others = handler(JetStreamEventStore(nats))
    await others.handle([file()])
    (first,) = await JetStreamEventStore(nats).load(KEY)
    store = JetStreamEventStore(nats)
    store._get = asked = Asked(nats, others)
    since = Since(first.sequence, first.revision, first.id)
    found = await asyncio.gather(*(store.load_since(KEY, since) for _ in range(300)))
    assert found == [[]] * 300
    assert 1 < asked.most <= LOADED_AT_ONCE


async def test_one_that_can_not_be_read_costs_itself_only(nats: Client) -> None:
    good, bad = (aggregate_id("report", "boston", text) for text in ("good", "bad"))
    await handler(JetStreamEventStore(nats)).handle([file(good)])
    await _garbage(nats, bad, {"ce-revision": "1"})
    keys = [AggregateKey("intake", "report", each) for each in (good, bad)]
    found = await JetStreamEventStore(nats).load_all(keys)
    assert len(found[keys[0]]) == 1  # type: ignore[arg-type]
    assert isinstance(found[keys[1]], UnreadableEventError)


@pytest.mark.parametrize("missing", [1, 2, 3])
async def test_an_aggregate_with_a_missing_event_is_never_taken_for_whole(
    nats: Client, missing: int
) -> None:
    """Only damage leaves one out; a decision on the rest would be a lie."""
    for revision in (1, 2, 3, 4):
        if revision != missing:
            await _event(nats, revision)
    with pytest.raises(UnreadableEventError, match=f"where {missing} must be"):
        await JetStreamEventStore(nats).load(KEY)


async def _event(client: Client, revision: int) -> None:
    event = varied(REPORT_FILED, report_id=REPORT, place=f"us.p{revision}")
    subject, headers, body = encode(new_event(event, revision, f"command {revision}"))
    await client.jetstream().publish(subject, body, headers=headers)


async def _garbage(client: Client, report_id: str, headers: dict[str, Any]) -> None:
    subject = f"intake.report.ReportFiled.{report_id}.us"
    await client.jetstream().publish(subject, json.dumps({}).encode(), headers=headers)
