"""What the control of a commitment allows, and when it is overdue."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.intake.domain.check import (
    CheckCommand,
    NotOpenedError,
    NotTheOwnerError,
    NotYetError,
    OpenCheck,
    RaiseOverdue,
    decider,
)
from services.intake.domain.claiming import ClaimDone
from shared.contracts.check import CheckEvent
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    DAY,
    DONE_IN_TIME,
    DONE_LATE,
    MONDAY,
    OVERDUE_WITHDRAWN,
    varied,
)

DUE = CHECK_OPENED.due_at
MOMENT = DAY / 86_400_000_000
OPEN = OpenCheck(CHECK_OPENED)
NOW = DONE_LATE.done_at
CLAIM_IN_TIME = ClaimDone(CHECK_ID, "Public Works", DONE_IN_TIME.done_at, NOW)
CLAIM_LATE = ClaimDone(CHECK_ID, "Public Works", DONE_LATE.done_at, NOW)
RAISE = RaiseOverdue(CHECK_ID, DUE, DUE + DAY)

check: DeciderSpec[CheckCommand, CheckEvent] = DeciderSpec(decider)


def test_a_commitment_opens_a_check() -> None:
    check.given().when(OPEN).then(CHECK_OPENED)


def test_opening_a_check_again_changes_nothing_even_with_another_due_date() -> None:
    again = OpenCheck(varied(CHECK_OPENED, due_at=DUE + DAY))
    check.given(CHECK_OPENED).when(again).then_nothing_happens()


def test_the_owner_can_claim_it_done_in_time() -> None:
    check.given(CHECK_OPENED).when(CLAIM_IN_TIME).then(DONE_IN_TIME)


def test_a_claim_with_effect_at_the_due_date_is_in_time() -> None:
    in_time = varied(DONE_IN_TIME, done_at=DUE)
    check.given(CHECK_OPENED).when(replace(CLAIM_IN_TIME, done_at=DUE)).then(in_time)


def test_a_claim_with_effect_a_moment_after_the_due_date_is_late() -> None:
    done_at = DUE + MOMENT
    late = varied(DONE_LATE, done_at=done_at)
    check.given(CHECK_OPENED).when(replace(CLAIM_LATE, done_at=done_at)).then(CHECK_OVERDUE, late)


def test_a_late_claim_proves_by_itself_that_the_check_was_overdue() -> None:
    check.given(CHECK_OPENED).when(CLAIM_LATE).then(CHECK_OVERDUE, DONE_LATE)


def test_a_late_claim_after_the_sweep_is_only_recorded_as_late() -> None:
    check.given(CHECK_OPENED, CHECK_OVERDUE).when(CLAIM_LATE).then(DONE_LATE)


def test_a_claim_in_time_that_arrives_after_the_sweep_takes_the_overdue_back() -> None:
    check.given(CHECK_OPENED, CHECK_OVERDUE).when(CLAIM_IN_TIME).then(
        DONE_IN_TIME, OVERDUE_WITHDRAWN
    )


@pytest.mark.parametrize(
    "history",
    [(DONE_IN_TIME,), (CHECK_OVERDUE, DONE_LATE), (CHECK_OVERDUE, DONE_IN_TIME, OVERDUE_WITHDRAWN)],
)
@pytest.mark.parametrize("claim", [CLAIM_IN_TIME, CLAIM_LATE])
def test_only_the_first_claim_counts(history: tuple[CheckEvent, ...], claim: ClaimDone) -> None:
    check.given(CHECK_OPENED, *history).when(claim).then_nothing_happens()


@pytest.mark.parametrize("history", [(), (CHECK_OVERDUE,), (DONE_IN_TIME,)])
def test_nobody_but_the_owner_can_claim_it_done(history: tuple[CheckEvent, ...]) -> None:
    claim = replace(CLAIM_IN_TIME, owner="Parks")
    check.given(CHECK_OPENED, *history).when(claim).then_fails_with(NotTheOwnerError)


@pytest.mark.parametrize("command", [CLAIM_IN_TIME, CLAIM_LATE, RAISE])
def test_what_nobody_committed_to_can_be_neither_done_nor_overdue(command: CheckCommand) -> None:
    check.given().when(command).then_fails_with(NotOpenedError)


def test_a_check_is_overdue_a_moment_after_its_due_date() -> None:
    check.given(CHECK_OPENED).when(RaiseOverdue(CHECK_ID, DUE, DUE + MOMENT)).then(CHECK_OVERDUE)


@pytest.mark.parametrize("now", [MONDAY, DUE])
def test_a_check_is_not_overdue_up_to_its_due_date(now: datetime) -> None:
    check.given(CHECK_OPENED).when(RaiseOverdue(CHECK_ID, DUE, now)).then_nothing_happens()


@pytest.mark.parametrize(
    "history",
    [
        (CHECK_OVERDUE,),
        (DONE_IN_TIME,),
        (CHECK_OVERDUE, DONE_LATE),
        (CHECK_OVERDUE, DONE_IN_TIME, OVERDUE_WITHDRAWN),
    ],
)
def test_a_sweep_that_comes_late_or_twice_changes_nothing(history: tuple[CheckEvent, ...]) -> None:
    check.given(CHECK_OPENED, *history).when(RAISE).then_nothing_happens()


def test_a_check_that_was_due_before_it_was_opened_is_late_from_birth() -> None:
    born_late = varied(CHECK_OPENED, due_at=MONDAY - DAY)
    overdue = varied(CHECK_OVERDUE, due_at=MONDAY - DAY)
    raised = RaiseOverdue(CHECK_ID, MONDAY - DAY, MONDAY)
    check.given(born_late).when(raised).then(overdue)


def test_a_sweep_for_another_due_date_than_the_checks_own_changes_nothing() -> None:
    stale = RaiseOverdue(CHECK_ID, DUE - DAY, DUE + DAY)
    check.given(CHECK_OPENED).when(stale).then_nothing_happens()


def test_a_claim_for_tomorrow_neither_raises_nor_silences_a_check() -> None:
    for done_at in (DUE + DAY, DUE - DAY):
        claim = ClaimDone(CHECK_ID, "Public Works", done_at, now=done_at - DAY)
        check.given(CHECK_OPENED).when(claim).then_fails_with(NotYetError)


def test_a_claim_from_a_clock_a_little_ahead_counts_as_of_now() -> None:
    """So it is late only when the due date has passed by our own clock too."""
    ahead = DAY / 24 / 60
    claim = ClaimDone(CHECK_ID, "Public Works", DUE + ahead, now=DUE)
    check.given(CHECK_OPENED).when(claim).then(varied(DONE_IN_TIME, done_at=DUE))


def test_a_confidential_check_stays_confidential() -> None:
    opened = varied(CHECK_OPENED, confidential=True)
    overdue = varied(CHECK_OVERDUE, confidential=True)
    late = varied(DONE_LATE, confidential=True)
    check.given(opened).when(CLAIM_LATE).then(overdue, late)
