"""Which sweep has to come before which event of a replay, and which events may run ahead of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from deploy.feeding.replay import Gate
from deploy.feeding.replay_order import NONE, Course
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent
from shared.testing.examples import DAY

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(at: datetime, kind: str, **body: object) -> UpstreamEvent:
    return UpstreamEvent(at, kind, lambda: Outgoing(f"inbox.x.{kind}", json.dumps(body).encode()))


def made(at: datetime, commitment: str, due: datetime) -> UpstreamEvent:
    return event(at, "commitment.made", commitment=commitment, due_at=due.isoformat())


def done(at: datetime, commitment: str) -> UpstreamEvent:
    return event(at, "commitment.done", commitment=commitment)


def sweeps(*events: UpstreamEvent) -> list[datetime]:
    course = Course(events)
    return [course.sweep_before(index) for index in range(len(course))]


def test_reports_wait_for_no_sweep() -> None:
    kinds = ("report.submitted", "report.resolved")
    assert sweeps(*(event(MIDNIGHT, kind) for kind in kinds)) == [NONE, NONE]


def test_a_promise_that_falls_due_later_waits_for_no_sweep() -> None:
    assert sweeps(made(MIDNIGHT + HOUR, "a", MIDNIGHT + 2 * HOUR)) == [NONE]


def test_a_promise_that_was_due_before_the_last_midnight_waits_for_its_sweep() -> None:
    """Else it would be raised before it was made."""
    assert sweeps(made(MIDNIGHT + HOUR, "a", MIDNIGHT - HOUR)) == [MIDNIGHT]
    assert sweeps(made(MIDNIGHT + HOUR, "a", MIDNIGHT - 5 * DAY)) == [MIDNIGHT]


@pytest.mark.parametrize("due", [MIDNIGHT - HOUR, MIDNIGHT - DAY])
def test_a_claim_waits_for_the_sweep_that_may_raise_what_it_claims(due: datetime) -> None:
    """What is due at a midnight is late by the next."""
    promise = made(MIDNIGHT - 3 * DAY, "a", due)
    assert sweeps(promise, done(MIDNIGHT + HOUR, "a")) == [NONE, MIDNIGHT]
    assert sweeps(promise, done(MIDNIGHT, "a")) == [NONE, MIDNIGHT]
    assert sweeps(promise, done(MIDNIGHT - HOUR, "a")) == [NONE, NONE]


def test_a_claim_of_what_fell_due_long_before_waits_for_the_sweep_of_then() -> None:
    promise = made(MIDNIGHT - 9 * DAY, "a", MIDNIGHT - 5 * DAY + HOUR)
    assert sweeps(promise, done(MIDNIGHT + HOUR, "a")) == [NONE, MIDNIGHT - 4 * DAY]


def test_what_nobody_knows_or_can_read_waits_for_the_sweep_of_its_day() -> None:
    at = MIDNIGHT + HOUR
    unreadable = UpstreamEvent(at, "commitment.made", lambda: Outgoing("inbox.x.y", b"{"))
    nameless = event(at, "commitment.made", due_at=(MIDNIGHT + DAY).isoformat())
    undated = event(at, "commitment.made", commitment="a", due_at="soon")
    other = event(at, "question.asked")
    events = [done(at, "of another file"), unreadable, nameless, undated, other]
    assert sweeps(*events) == [MIDNIGHT] * 5
    assert [Course(events).due(index) for index in range(5)] == [None] * 5


def test_a_gate_lets_through_what_needs_no_sweep_that_is_still_to_come() -> None:
    first, second = MIDNIGHT - DAY, MIDNIGHT
    course = Course([made(first - DAY, "a", first - HOUR), done(second + HOUR, "a")])
    gate = Gate()
    assert not gate.lets(course, 0), "before anybody knows what is to come"
    gate.open_until(first)
    assert [gate.lets(course, index) for index in range(2)] == [True, False]
    gate.open_until(second)
    assert gate.lets(course, 1)


def test_each_message_is_written_once_and_what_was_promised_stays_known() -> None:
    written = 0

    def write() -> Outgoing:
        nonlocal written
        written += 1
        return made(MIDNIGHT, "a", MIDNIGHT + DAY).outgoing()

    course = Course([UpstreamEvent(MIDNIGHT, "commitment.made", write)])
    course.write_ahead(0)
    assert len(course.take(0, 1)) == 1
    assert course.due(0) == MIDNIGHT + DAY
    assert course.sweep_before(0) == NONE
    assert written == 1
