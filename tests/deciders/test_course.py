"""What a report allows beside its outcome: seen by others too, half fixed, opened once more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_report import CONFIRM, MARK_DUPLICATE, SETTLED, report

from services.intake.domain.course import (
    MOST_STRANGERS,
    MOST_WITNESSES,
    CorroborateReport,
    DecidedSinceError,
    EnoughError,
    HalfFixReport,
    NoReasonError,
    OwnReportError,
    ReopenedSinceError,
    ReopenReport,
    RepeatsAnotherError,
)
from services.intake.domain.report import decider
from services.intake.domain.report_state import AlreadySettledError, Filed, NotFiledError
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from shared.contracts.report import ReportEvent
from shared.eventsourcing.errors import DomainError
from shared.testing.examples import (
    DAY,
    DUPLICATE_CLAIMED,
    MEMBER_ID,
    MONDAY,
    REPORT_CLOSED,
    REPORT_CONFIRMED,
    REPORT_CORROBORATED,
    REPORT_FILED,
    REPORT_HALF_FIXED,
    REPORT_ID,
    REPORT_REOPENED,
    ROXBURY,
    STREET_LIGHTS,
    WITNESS_ID,
    varied,
)

TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY
CORROBORATE = CorroborateReport(REPORT_ID, WITNESS_ID, "boston", TUESDAY)
HALF_FIX = HalfFixReport(REPORT_ID, REPORT_HALF_FIXED.reason, TUESDAY)
REOPEN = ReopenReport(REPORT_ID, REPORT_REOPENED.reason, WEDNESDAY)
ALL = (CORROBORATE, HALF_FIX, REOPEN)


@pytest.mark.parametrize("command", ALL, ids=lambda x: type(x).__name__)
def test_nothing_of_it_happens_to_what_was_not_filed(command: object) -> None:
    report.given().when(command).then_fails_with(NotFiledError)  # type: ignore[arg-type]


@pytest.mark.parametrize("earlier", [(), *((event,) for event in SETTLED)])
def test_a_report_is_corroborated_at_any_time(earlier: tuple[ReportEvent, ...]) -> None:
    report.given(REPORT_FILED, *earlier).when(CORROBORATE).then(REPORT_CORROBORATED)


def test_each_person_corroborates_once_and_nobody_their_own_report() -> None:
    later = replace(CORROBORATE, now=WEDNESDAY)
    report.given(REPORT_FILED, REPORT_CORROBORATED).when(later).then_nothing_happens()
    own = replace(CORROBORATE, by=MEMBER_ID)
    report.given(REPORT_FILED).when(own).then_fails_with(OwnReportError)


def test_a_thousand_witnesses_are_enough() -> None:
    many = [varied(REPORT_CORROBORATED, by=f"{n:032x}") for n in range(MOST_WITNESSES)]
    report.given(REPORT_FILED, *many).when(CORROBORATE).then_fails_with(EnoughError)


def test_strangers_are_enough_sooner_and_take_nobodys_place_who_is_known() -> None:
    strange = {"known": False, "source": None}
    many = [varied(REPORT_CORROBORATED, by=f"{n:032x}", **strange) for n in range(MOST_STRANGERS)]
    one_more = replace(CORROBORATE, known=False, source=None)
    report.given(REPORT_FILED, *many).when(one_more).then_fails_with(EnoughError)
    known = [varied(REPORT_CORROBORATED, by=f"{n:032x}") for n in range(100, 1_099)]
    report.given(REPORT_FILED, *many, *known).when(CORROBORATE).then(REPORT_CORROBORATED)


def test_an_open_report_is_half_fixed_once_and_may_be_settled_then() -> None:
    report.given(REPORT_FILED).when(HALF_FIX).then(REPORT_HALF_FIXED)
    report.given(REPORT_FILED, REPORT_HALF_FIXED).when(HALF_FIX).then_nothing_happens()
    report.given(REPORT_FILED, REPORT_HALF_FIXED).when(CONFIRM).then(REPORT_CONFIRMED)
    report.given(REPORT_FILED, REPORT_CONFIRMED).when(HALF_FIX).then_fails_with(AlreadySettledError)


@pytest.mark.parametrize("event", [*SETTLED, REPORT_HALF_FIXED], ids=lambda x: type(x).__name__)
def test_what_was_settled_or_half_fixed_is_reopened_with_a_reason(event: ReportEvent) -> None:
    if event is DUPLICATE_CLAIMED:
        report.given(REPORT_FILED, event).when(REOPEN).then_fails_with(RepeatsAnotherError)
        return
    report.given(REPORT_FILED, event).when(REOPEN).then(REPORT_REOPENED)
    without = replace(REOPEN, reason=" \n")
    report.given(REPORT_FILED, event).when(without).then_fails_with(NoReasonError)


def test_what_is_open_is_not_reopened() -> None:
    report.given(REPORT_FILED).when(REOPEN).then_nothing_happens()
    told = (REPORT_FILED, REPORT_CONFIRMED, REPORT_REOPENED)
    report.given(*told).when(replace(REOPEN, now=WEDNESDAY + DAY)).then_nothing_happens()


def test_what_was_decided_before_it_was_reopened_counts_no_more() -> None:
    told = (REPORT_FILED, REPORT_CONFIRMED, REPORT_REOPENED)
    for command in (CONFIRM, HALF_FIX, MARK_DUPLICATE):
        report.given(*told).when(command).then_fails_with(ReopenedSinceError)
    later = replace(CONFIRM, now=WEDNESDAY + DAY)
    again = varied(REPORT_CONFIRMED, confirmed_at=WEDNESDAY + DAY)
    report.given(*told).when(later).then(again)
    report.given(*told, again).when(REOPEN).then_nothing_happens()


def test_a_reopening_told_late_does_not_undo_what_was_decided_after_it() -> None:
    later = varied(REPORT_CONFIRMED, confirmed_at=WEDNESDAY + DAY)
    told = replace(REOPEN, told=True)
    report.given(REPORT_FILED, later).when(told).then_fails_with(DecidedSinceError)
    report.given(REPORT_FILED, later).when(REOPEN).then(REPORT_REOPENED)
    report.given(REPORT_FILED, REPORT_CONFIRMED).when(told).then(REPORT_REOPENED)
    half = varied(REPORT_HALF_FIXED, half_fixed_at=WEDNESDAY + DAY)
    report.given(REPORT_FILED, half).when(told).then_fails_with(DecidedSinceError)
    report.given(REPORT_FILED, half).when(REOPEN).then(REPORT_REOPENED)


def test_that_it_is_closed_contradicts_no_confirmation_of_the_same_day() -> None:
    """Updates of some are dated by the day alone, and fixed is closed, too."""
    noon = varied(REPORT_CONFIRMED, confirmed_at=TUESDAY + timedelta(hours=5))
    report.given(REPORT_FILED, noon).when(CloseReport(REPORT_ID, "", TUESDAY)).then()
    closed = varied(REPORT_CLOSED, closed_at=TUESDAY + timedelta(hours=5))
    report.given(REPORT_FILED, closed).when(CONFIRM).then()
    for other in (CloseReport(REPORT_ID, "", MONDAY), RefuteReport(REPORT_ID, "", TUESDAY)):
        report.given(REPORT_FILED, noon).when(other).then_fails_with(AlreadySettledError)
    newer = CloseReport(REPORT_ID, "", TUESDAY + timedelta(hours=6))
    report.given(REPORT_FILED, noon).when(newer).then_fails_with(AlreadySettledError)


hours = st.integers(0, 9).map(lambda n: MONDAY + timedelta(hours=n))
witnesses = st.sampled_from(["a" * 32, "b" * 32])
commands = st.one_of(
    st.builds(CorroborateReport, st.just(REPORT_ID), witnesses, st.none(), hours),
    *(
        st.builds(kind, st.just(REPORT_ID), st.just("Seen"), hours)
        for kind in (HalfFixReport, ReopenReport, ConfirmReport, RefuteReport, CloseReport)
    ),
)


@given(st.lists(commands, max_size=12))
def test_whatever_is_said_twice_at_once_is_said_once(said: list[object]) -> None:
    """And witnesses count each once, and a settled report is not half fixed."""
    state = decider.fold([varied(REPORT_FILED, correspondent=None)])
    for command in said:
        try:
            events = decider.decide(command, state)  # type: ignore[arg-type]
        except DomainError:
            continue
        before = state
        for event in events:
            state = decider.evolve(state, event)
        assert isinstance(before, Filed)
        assert isinstance(state, Filed)
        assert not decider.decide(command, state)  # type: ignore[arg-type]
        assert len(state.witnesses) - len(before.witnesses) <= len(events) <= 1


def test_what_was_withdrawn_is_not_talked_about_in_public_any_more() -> None:
    """What is protected goes out in no event of its own."""
    withdrawn = Filed(
        ROXBURY,
        STREET_LIGHTS,
        confidential=False,
        protected=False,
        correspondent=None,
        withdrawn=True,
    )
    for command in (CORROBORATE, HALF_FIX):
        (said,) = decider.decide(command, withdrawn)
        assert said.protected  # type: ignore[union-attr]
