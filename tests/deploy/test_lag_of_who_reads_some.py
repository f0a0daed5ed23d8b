"""A proof beside a suite that goes on: who reads some subjects only, is behind only of those."""

from typing import Any, cast

import pytest
from nats.aio.client import Client

from deploy.suite import Flow
from deploy.verify.case import Case
from deploy.verify.flows import check_lag
from shared.contracts.event import Event
from shared.contracts.member import MemberQualified
from shared.eventsourcing.cloudevents import encode
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.ends import next_under
from shared.eventsourcing.jetstream.positions import Position
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.testing.examples import MEMBER_QUALIFIED, REPORT_CREDITED, new_event

FLOW = Flow("promotion", "some", "PROMOTION", "PROMOTION", (MemberQualified.filter(),))


async def happen(nats: Client, *events: Event) -> None:
    publisher = Publisher(nats)
    for number, event in enumerate(events, 1):
        subject, headers, body = encode(new_event(event, number, f"command {number}"))
        await publisher.publish([Outgoing(subject, body, headers)])


@pytest.fixture
async def log(nats: Client) -> Client:
    """MemberQualified is the second and the fifth of five."""
    asked, other = MEMBER_QUALIFIED, REPORT_CREDITED
    await happen(nats, other, asked, other, other, asked)
    return nats


@pytest.mark.parametrize(
    ("end", "at", "wrong"), [(4, 2, 0), (4, 0, 1), (5, 2, 1), (5, 5, 0), (1, 0, 0)]
)
async def test_what_came_since_and_what_others_read_is_nothing_that_it_is_behind_of(
    log: Client, end: int, at: int, wrong: int
) -> None:
    nothing = cast("Any", None)
    case = Case(log, nothing, lambda _: None, nothing, nothing, services_run=True)
    case.ends, case.goals = {"PROMOTION": end}, {"PROMOTION": end}
    case.positions = {"some": Position(at)}
    await check_lag(case, FLOW)
    assert len(case.findings.lines()) == wrong
    assert not case.verdict.behind


async def test_what_follows_is_told_by_subjects(log: Client) -> None:
    filters = list(FLOW.filters)
    assert [await next_under(log, "PROMOTION", filters, after) for after in (0, 2, 5)] == [2, 5, 0]
    assert await next_under(log, "PROMOTION", [], 2) == 3
