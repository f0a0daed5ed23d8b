"""Subjects of PUBLIC carry kind and place and no id; what older versions wrote stands beside."""

import asyncio
from collections.abc import Sequence

import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerConfig
from test_learning import KEY, fill, public, relay, run_until
from test_published_once import intake

from deploy.looking.reading import messages
from deploy.looking.why import UnknownIdError, explain
from services.publishing.passages import passages
from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.registry import EVENT_TYPES
from shared.eventsourcing.cloudevents import encode
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.relay import Relay
from shared.testing.examples import (
    EXAMPLES,
    MEMBER_QUALIFIED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    new_event,
    recorded,
    varied,
)
from shared.testing.projection_spec import as_message

PUBLIC_TYPES = [each for each in EVENT_TYPES.values() if each.service == "public"]


async def as_an_older_version(client: Client, one: Relay, batch: Sequence[Message]) -> None:
    for each in one._prepare(list(batch)):
        assert each.passed is not None
        _, older = each.passed.event.subjects
        outgoing = Outgoing(older, each.passed.outgoing.body, each.passed.outgoing.headers)
        await Publisher(client).publish([outgoing])


@pytest.mark.parametrize("event_type", PUBLIC_TYPES, ids=lambda t: t.type_name())
def test_the_id_stands_in_header_and_body_and_not_in_the_subject(event_type: type[Event]) -> None:
    event = EXAMPLES[event_type.type_name()]
    subject, headers, body = encode(new_event(event))
    kind = f"{event_type.aggregate}.{event_type.__name__}"
    assert subject == f"public.{kind}.{event.place}"
    assert headers["ce-subject"] == event.aggregate_id
    assert f'"{event_type.key}":"{event.aggregate_id}"'.encode() in body


REGION = ["public.report.*.us.ma.boston", "public.report.*.us.ma.boston.>"]
TOLD = {
    "filed us.ma": varied(PUBLIC_REPORT_FILED, place="us.ma"),
    "filed boston": varied(PUBLIC_REPORT_FILED, place="us.ma.boston"),
    "confirmed roxbury": PUBLIC_REPORT_CONFIRMED,
    "overdue roxbury": PUBLIC_CHECK_OVERDUE,
    "filed us.ny": varied(PUBLIC_REPORT_FILED, place="us.ny"),
    "filed everywhere": varied(PUBLIC_REPORT_FILED, place=EVERYWHERE),
}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["public.>"], ", ".join(TOLD)),
        (["public.report.*.us.ma.boston.>"], "confirmed roxbury"),
        (REGION, "filed boston, confirmed roxbury"),
        (["public.*.*.us.ma.>"], "filed boston, confirmed roxbury, overdue roxbury"),
        (["public.check.CheckOverdue.us.ma.boston.roxbury"], "overdue roxbury"),
        (["public.report.ReportFiled.>"], ", ".join(n for n in TOLD if n.startswith("filed"))),
        (["public.*.*.everywhere"], "filed everywhere"),
    ],
)
async def test_a_subscriber_cuts_by_kind_and_place(
    nats: Client, filters: list[str], expected: str
) -> None:
    for name, event in TOLD.items():
        await nats.jetstream().publish(encode(new_event(event))[0], name.encode())
    subscription = await nats.jetstream().subscribe(
        "public.>", ordered_consumer=True, config=ConsumerConfig(filter_subjects=filters)
    )
    found = [(await subscription.next_msg()).data.decode() for _ in expected.split(", ")]
    assert ", ".join(found) == expected
    assert not (await subscription.consumer_info()).num_pending


async def test_what_an_older_version_published_is_not_published_again(nats: Client) -> None:
    """Also where the position was lost, and everything is gone through again."""
    await fill(nats, 30)
    await as_an_older_version(nats, relay(nats), (await intake(nats, 60))[:40])
    one = relay(nats)
    await run_until(one, lambda: one.position >= 60)
    found = await public(nats)
    assert len(found) == len(set(found)) == 60
    parts = [len(each.subject.split(".")) async for each in messages(nats, "PUBLIC")]
    assert parts == [8] * 40 + [7] * 20


async def test_a_dead_letter_that_an_older_version_published_is_not_published_again(
    nats: Client,
) -> None:
    one = relay(nats, passages(KEY)[1])
    letters = [
        as_message(recorded(varied(MEMBER_QUALIFIED, track=track), n))
        for n, track in enumerate(("steward", "witness"), 1)
    ]
    await as_an_older_version(nats, one, letters[:1])
    for letter in letters * 2:
        assert await one.redrive(letter) is None
    assert len(await public(nats)) == 2


async def test_two_processes_that_redrive_the_same_letters_publish_each_once(nats: Client) -> None:
    """All of them stand under few subjects, so that everyone is in everyone's way."""
    await fill(nats, 10)
    letters = await intake(nats, 20)
    both = [relay(nats), relay(nats)]
    for some in (letters[:10], letters):
        await asyncio.gather(*(one.redrive(letter) for one in both for letter in some))
    found = await public(nats)
    assert len(found) == len(set(found)) == 20


async def test_why_tells_all_that_is_public_of_a_public_id(nats: Client) -> None:
    await fill(nats, 2)
    everything = await intake(nats, 4)
    await as_an_older_version(nats, relay(nats), everything[:1])
    one = relay(nats)
    await run_until(one, lambda: one.position >= 4)
    (first, *_) = [each async for each in messages(nats, "PUBLIC")]
    told = [line async for line in explain(nats, first.headers["ce-subject"]) if line.stream]
    assert [(line.stream, line.sequence) for line in told] == [("PUBLIC", 1), ("PUBLIC", 2)]
    assert [line.what for line in told] == ["ReportFiled", "ReportConfirmed"]
    with pytest.raises(UnknownIdError):
        await anext(explain(nats, "f" * 32))
