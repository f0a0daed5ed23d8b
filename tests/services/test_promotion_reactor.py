"""Promotion credits each confirmed report once, whatever is delivered twice or fails in between."""

import asyncio

import pytest
from crashing import Crashing
from nats.aio.client import Client

from services.promotion.domain.member import category
from services.promotion.domain.track import Track
from services.promotion.reactions import REACTIONS
from shared.contracts.event import Event
from shared.contracts.member import (
    MemberEvent,
    MemberQualified,
    OutcomeTakenBack,
    RefutationNoted,
    ReportCredited,
)
from shared.contracts.proof import digest_of
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.jetstream.dead_letters import dead_letters
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.reactor import Reactor
from shared.testing.examples import (
    MEMBER_ID,
    MONDAY,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_REFUTED,
    REPORT_REOPENED,
    new_event,
    recorded,
    varied,
)

WITHIN_S = 60.0
TRACK = Track("correspondent", 1, "Correspondent", 5, 1, 1, 1.0)
CREDITS, *_ = REACTIONS


def reactor(client: Client, crashes: int = 0) -> Reactor:
    handler = Crashing(JetStreamEventStore(client), [category([TRACK])], lambda: MONDAY)
    handler.crashes = crashes
    return Reactor(client, CREDITS, handler)


async def _report(client: Client, number: int, settled: Event) -> int:
    report_id = f"{number:032x}"
    events = [varied(event, report_id=report_id) for event in (REPORT_FILED, settled)]
    key = AggregateKey("intake", "report", report_id)
    news = [new_event(event, n + 1, f"command {number}", n) for n, event in enumerate(events)]
    (first,) = await JetStreamEventStore(client).append([Append(key, 0, news)])
    return first + 1


async def _react(reactor: Reactor, until: int) -> None:
    """Until everything up to there was reacted to; what fails is raised."""
    run = asyncio.create_task(reactor.run())
    async with asyncio.timeout(WITHIN_S):
        while reactor.position < until and not run.done():
            await asyncio.sleep(0.005)
    run.cancel()
    (result,) = await asyncio.gather(run, return_exceptions=True)
    if not isinstance(result, asyncio.CancelledError) and result is not None:
        raise result


async def _member(client: Client) -> list[RecordedEvent]:
    key = AggregateKey("promotion", "member", MEMBER_ID)
    return await JetStreamEventStore(client).load(key)


async def test_confirmed_reports_are_credited_and_refuted_ones_noted(nats: Client) -> None:
    confirmed = await _report(nats, 1, REPORT_CONFIRMED)
    refuted = await _report(nats, 2, REPORT_REFUTED)
    await _react(reactor(nats), until=refuted)
    credited, noted = await _member(nats)
    assert isinstance(credited.event, ReportCredited)
    assert isinstance(noted.event, RefutationNoted)
    assert credited.event.earned_by.sequence == confirmed
    assert credited.event.earned_by.stream == "INTAKE"
    assert noted.event.noted_from.sequence == refuted
    assert credited.cause == f"INTAKE/{confirmed}"
    assert credited.causation_id == credited.event.earned_by.id
    assert credited.correlation_id == "", "an upstream's own, by an older version, goes no further"


@pytest.mark.parametrize("settled", [REPORT_CONFIRMED, REPORT_REFUTED])
async def test_what_comes_of_a_confidential_report_is_confidential(
    nats: Client, settled: Event
) -> None:
    last = await _report(nats, 1, varied(settled, confidential=True))
    await _react(reactor(nats), until=last)
    (recorded_,) = await _member(nats)
    assert isinstance(recorded_.event, MemberEvent)
    assert recorded_.event.confidential


async def test_reports_of_nobody_known_move_nothing(nats: Client) -> None:
    last = await _report(nats, 1, varied(REPORT_CONFIRMED, correspondent=None))
    await _react(reactor(nats), until=last)
    assert (await nats.jetstream().stream_info("PROMOTION")).state.messages == 0


async def test_what_earned_a_qualification_are_events_of_the_log(nats: Client) -> None:
    sequences = [await _report(nats, number, REPORT_CONFIRMED) for number in range(6)]
    await _react(reactor(nats), until=sequences[-1])
    events = await _member(nats)
    (qualified,) = [r.event for r in events if isinstance(r.event, MemberQualified)]
    ids = []
    for sequence in sequences[:5]:
        message = await nats.jetstream().get_msg("INTAKE", sequence)
        ids.append((message.headers or {})["ce-id"])
    assert qualified.confirmed == 5
    assert qualified.digest == digest_of(ids)


async def test_a_crash_before_the_checkpoint_moves_credits_nothing_twice(nats: Client) -> None:
    last = [await _report(nats, number, REPORT_CONFIRMED) for number in range(8)][-1]
    for _life in range(3):
        (failure,) = await asyncio.gather(
            asyncio.wait_for(reactor(nats, crashes=1).run(), WITHIN_S),
            return_exceptions=True,
        )
        assert isinstance(failure, ConnectionResetError)
    await _react(reactor(nats), until=last)
    credited = [r for r in await _member(nats) if isinstance(r.event, ReportCredited)]
    assert len(credited) == len({r.event.report_id for r in credited}) == 8  # type: ignore[attr-defined]


async def test_a_reactor_that_is_started_anew_goes_on_from_where_it_was(nats: Client) -> None:
    """It would do no harm to react to everything again, but take the longer the older the log."""
    last = [await _report(nats, number, REPORT_CONFIRMED) for number in range(3)][-1]
    await _react(reactor(nats), until=last)
    anew = reactor(nats)
    asked: list[int] = []
    ask = anew._ask
    anew._ask = lambda message: asked.append(message.sequence) or ask(message)  # type: ignore[method-assign,func-returns-value]
    following = await _report(nats, 3, REPORT_CONFIRMED)
    await _react(anew, until=following)
    assert asked == [following]


async def test_a_lost_position_credits_nothing_twice(nats: Client) -> None:
    """The stream with the positions is gone: everything is reacted to again."""
    last = [await _report(nats, number, REPORT_CONFIRMED) for number in range(3)][-1]
    await _react(reactor(nats), until=last)
    before = await _member(nats)
    await nats.jetstream().purge_stream("POSITIONS")
    await _react(reactor(nats), until=last)
    assert await _member(nats) == before


async def test_what_can_not_be_reacted_to_lies_in_dead_and_the_rest_goes_on(nats: Client) -> None:
    subject = f"intake.report.ReportConfirmed.{'f' * 32}.us"
    broken = {"ce-type": "tribune.intake.ReportConfirmed", "ce-dataschema": "urn:x:1"}
    await nats.jetstream().publish(subject, b"{}", headers=broken)
    last = await _report(nats, 1, REPORT_CONFIRMED)
    await _react(reactor(nats), until=last)
    assert [letter.sequence for letter in await dead_letters(nats)] == [1]
    assert len(await _member(nats)) == 1


def test_the_same_event_always_asks_for_the_same_command() -> None:
    event, other = recorded(REPORT_CONFIRMED, 7), recorded(REPORT_CONFIRMED, 8)
    assert CREDITS.ask(event) == CREDITS.ask(event) != CREDITS.ask(other)


def test_events_that_are_no_verdict_ask_for_nothing() -> None:
    assert list(CREDITS.ask(recorded(REPORT_FILED, 7))) == []


async def test_what_is_reopened_is_taken_back_from_who_filed_it_if_the_charter_says_so(
    nats: Client,
) -> None:
    confirmed = await _report(nats, 1, REPORT_CONFIRMED)
    reopened = varied(REPORT_REOPENED, report_id=f"{1:032x}")
    key = AggregateKey("intake", "report", f"{1:032x}")
    news = [new_event(reopened, 3, "reopened", 0)]
    await JetStreamEventStore(nats).append([Append(key, confirmed, news)])
    handler = Crashing(
        JetStreamEventStore(nats), [category([TRACK], takes_back=True)], lambda: MONDAY
    )
    await _react(Reactor(nats, CREDITS, handler), until=confirmed + 1)
    credited, back = [recorded.event for recorded in await _member(nats)]
    assert isinstance(credited, ReportCredited)
    assert isinstance(back, OutcomeTakenBack)
    assert (back.on, back.confirmer) == (credited.on, credited.confirmer)
    assert back.taken_back_for.sequence == confirmed + 1


def test_of_whom_version_one_says_nothing_nothing_is_taken_back() -> None:
    assert list(CREDITS.ask(recorded(varied(REPORT_REOPENED, correspondent=None), 7))) == []
