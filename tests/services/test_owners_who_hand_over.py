"""Whoever hands a commitment over looks no better by it than who is honestly late."""

from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, delete

from services.intake.domain.check import CheckCommand, RaiseOverdue, decider
from services.intake.domain.check_state import Opened
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.handing_over import HandOverCheck
from services.publishing.projections import overdue
from services.publishing.projections.kept import Asked, Kept, found
from services.publishing.public import gate
from shared.contracts.check import CheckEvent, CheckOverdue
from shared.contracts.handing_over import CheckHandedOver
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_WITHDRAWN,
    DAY,
    recorded,
    varied,
)

MODELS = (overdue.read_model,)
DUE, A = CHECK_OPENED.due_at, CHECK_OPENED.owner
LONG_AFTER = DUE + 30 * DAY
to_public = gate(b"a key for tests", UTC)
OWNERS = (A, "Parks", "Water", "Sink")
few = settings(max_examples=settings().max_examples // 4)

moments = st.integers(-6, 8).map(lambda days: DUE + timedelta(days=days, hours=-2))
hands = st.lists(st.tuples(st.sampled_from(OWNERS), moments), max_size=5)
claims = st.none() | moments


Hands = list[tuple[str, datetime]]


def history(given_to: Hands, done: datetime | None) -> list[CheckEvent]:
    """A check that goes from hand to hand, in the order of its days; what is forbidden is not."""
    events: list[CheckEvent] = [CHECK_OPENED]
    for to, at in sorted(given_to, key=itemgetter(1)):
        _then(events, RaiseOverdue(CHECK_ID, DUE, at))
        owner = _owner(events)
        _then(events, HandOverCheck(CHECK_ID, owner, to, "Why", at, at, told=True))
    if done is not None:
        _then(events, ClaimDone(CHECK_ID, _owner(events), done, LONG_AFTER))
    _then(events, RaiseOverdue(CHECK_ID, DUE, LONG_AFTER))
    return events


def _then(events: list[CheckEvent], command: CheckCommand) -> None:
    try:
        events += decider.decide(command, decider.fold(events))
    except DomainError:
        return


def _owner(events: list[CheckEvent]) -> str:
    state = decider.fold(events)
    assert isinstance(state, Opened)
    return state.owner


def figures(*stories: list[CheckEvent]) -> dict[str | None, Kept]:
    """As the page tells them."""
    engine = _engine()
    with engine.begin() as connection:
        told = [to_public(event) for story in stories for event in story]
        events = [recorded(event, n) for n, event in enumerate(filter(None, told), start=1)]
        for model in MODELS:
            for table in model.tables:
                connection.execute(delete(table))
            model.write(connection, events)
        asked = Asked(LONG_AFTER.date(), date(1900, 1, 1), date(2999, 1, 1))
        return {each.of: each for each in found(connection, asked)}


_kept: list[Engine] = []


def _engine() -> Engine:
    if not _kept:
        _kept.append(create_engine("sqlite://"))
        prepare(_kept[0], MODELS)
    return _kept[0]


def another(number: int, story: list[CheckEvent]) -> list[CheckEvent]:
    return [varied(event, check_id=f"{number:032x}") for event in story]


KEPT = another(2, history([], DUE - DAY))
"""One of A's that was done in time, so that there is a share to spoil."""


@few
@given(hands, claims)
def test_what_ends_late_counts_for_each_who_had_it_while_it_was_not(
    given_to: Hands, done: datetime | None
) -> None:
    assume(done is None or done > DUE)
    story = history(given_to, done)
    told, honest = figures(story, KEPT), figures(history([], done), KEPT)
    assert told[A].late + told[A].not_done == 1
    assert told[A].share == honest[A].share == 0.5
    handed = [event for event in story if isinstance(event, CheckHandedOver)]
    had_in_time = {A, *(event.to for event in handed if event.handed_over_at <= DUE)}
    for owner, kept in told.items():
        assert kept.late + kept.not_done == (owner in had_in_time)
        assert kept.taken_late == (owner == _owner(story) and owner not in had_in_time)
        assert kept.not_due == 0


@few
@given(hands, claims)
def test_handing_over_moves_no_date_and_is_seen_each_time(
    given_to: Hands, done: datetime | None
) -> None:
    story = history(given_to, done)
    assert {event.due_at for event in story} == {DUE}
    assert sum(isinstance(event, CheckOverdue) for event in story) <= 1
    seen = [event.number for event in story if isinstance(event, CheckHandedOver)]
    assert seen == list(range(1, len(seen) + 1))


def test_what_somebody_else_did_in_time_is_theirs_alone() -> None:
    told = figures(history([("Parks", DUE - 2 * DAY)], DUE - DAY), KEPT)
    assert (told["Parks"].in_time, told[A].in_time, told[A].made) == (1, 1, 1)


def test_who_takes_over_what_is_late_has_it_in_no_share_but_in_sight() -> None:
    told = figures(history([("Parks", DUE + 2 * DAY)], None), KEPT)
    assert (told["Parks"].settled, told["Parks"].share, told["Parks"].taken_late) == (0, None, 1)
    assert (told[A].not_done, told[A].share) == (1, 0.5)


def test_what_is_withdrawn_counts_for_nobody() -> None:
    story = history([("Parks", DUE - DAY), ("Water", DUE + DAY)], None)
    assert figures([*story, CHECK_WITHDRAWN]) == {}
