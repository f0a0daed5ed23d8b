"""A check that follows a confidential report is confidential, until an editor lifts that."""

import pytest

from services.intake.domain import check as checks
from services.intake.domain import report as reports
from services.intake.domain.check import CheckCommand, OpenCheck, RaiseOverdue
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.followers import MOST_FOLLOWERS, NoteFollower
from services.intake.domain.report import FileReport, ReportCommand
from services.intake.domain.shield import LiftShield, NotShieldedError, OpenFollowing, ShieldCheck
from services.intake.domain.withdrawal import NothingPublicError, WithdrawCheck
from services.intake.domain.words import NoEditorError, NotToBePublicError, PassWords
from shared.contracts.roles import ROLES, Role
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    CHECK_REPORT_AWAITED,
    CHECK_SHIELDED,
    CHECK_WITHDRAWN,
    CHECK_WORDS_PASSED,
    DAY,
    DONE_IN_TIME,
    DONE_LATE,
    DONE_TOLD,
    FOLLOWER_NOTED,
    FOLLOWERS_FOUND,
    MONDAY,
    ORIGINAL_AWAITED,
    ORIGINAL_FOUND,
    OVERDUE_TOLD,
    OVERDUE_WITHDRAWN,
    REPORT_FILED,
    REPORT_ID,
    ROXBURY,
    SHIELD_LIFTED,
    varied,
)

check: DeciderSpec[CheckCommand, checks.CheckEvent] = DeciderSpec(checks.decider)
report: DeciderSpec[ReportCommand, reports.Decided] = DeciderSpec(reports.decider)

SHIELDED = varied(CHECK_OPENED, confidential=True, shielded=True)
LATER = varied(CHECK_OVERDUE, confidential=True)
LIFT = LiftShield(CHECK_ID, "editor", SHIELD_LIFTED.reason, SHIELD_LIFTED.lifted_at)
SHIELD = ShieldCheck(CHECK_ID, CHECK_SHIELDED.shielded_at)
NOTE = NoteFollower(REPORT_ID, CHECK_ID, ROXBURY)
HIDDEN = varied(REPORT_FILED, confidential=True)
DUE = CHECK_OPENED.due_at


def test_what_follows_a_confidential_report_is_opened_behind_a_shield() -> None:
    check.given().when(OpenFollowing(CHECK_OPENED, is_confidential=True)).then(SHIELDED)
    check.given(SHIELDED).when(RaiseOverdue(CHECK_ID, DUE, DUE + DAY)).then(LATER)
    check.given(SHIELDED).when(SHIELD).then_nothing_happens()


def test_what_came_before_its_report_waits_for_it() -> None:
    opened = OpenFollowing(CHECK_OPENED, is_confidential=False)
    check.given().when(opened).then(CHECK_OPENED, CHECK_REPORT_AWAITED)
    check.given(CHECK_OPENED, CHECK_REPORT_AWAITED).when(SHIELD).then(CHECK_SHIELDED)
    shielded = check.given(CHECK_OPENED, CHECK_REPORT_AWAITED, CHECK_SHIELDED)
    shielded.when(RaiseOverdue(CHECK_ID, DUE, DUE + DAY)).then(LATER)


def test_no_source_says_that_it_is_shielded() -> None:
    check.given().when(OpenCheck(varied(CHECK_OPENED, shielded=True))).then(CHECK_OPENED)


def test_nothing_is_shielded_that_is_not_public() -> None:
    check.given(varied(CHECK_OPENED, confidential=True)).when(SHIELD).then_nothing_happens()
    check.given(CHECK_OPENED, CHECK_WITHDRAWN).when(SHIELD).then_nothing_happens()
    check.given(SHIELDED, SHIELD_LIFTED).when(SHIELD).then_nothing_happens()


@pytest.mark.parametrize("before", [[SHIELDED], [CHECK_OPENED, CHECK_SHIELDED]])
def test_an_editor_lifts_it_with_all_that_it_has_come_to(before: list[checks.CheckEvent]) -> None:
    check.given(*before).when(LIFT).then(SHIELD_LIFTED)
    check.given(*before, LATER).when(LIFT).then(SHIELD_LIFTED, OVERDUE_TOLD)
    late = varied(DONE_LATE, confidential=True)
    check.given(*before, LATER, late).when(LIFT).then(SHIELD_LIFTED, OVERDUE_TOLD, DONE_TOLD)
    in_time = varied(DONE_IN_TIME, confidential=True)
    taken_back = varied(OVERDUE_WITHDRAWN, confidential=True)
    told = varied(DONE_TOLD, done_at=DONE_IN_TIME.done_at, late=False)
    check.given(*before, LATER, in_time, taken_back).when(LIFT).then(SHIELD_LIFTED, told)


def test_after_that_it_is_as_any_other() -> None:
    lifted = check.given(SHIELDED, SHIELD_LIFTED)
    claim = ClaimDone(CHECK_ID, "Public Works", DONE_LATE.done_at, DONE_LATE.done_at)
    overdue, late = (varied(each, lifted=True) for each in (CHECK_OVERDUE, DONE_LATE))
    lifted.when(claim).then(overdue, late)
    withdraw = WithdrawCheck(
        CHECK_ID, "editor", CHECK_WITHDRAWN.reason, CHECK_WITHDRAWN.withdrawn_at
    )
    lifted.when(withdraw).then(varied(CHECK_WITHDRAWN, lifted=True))
    waiting = varied(SHIELDED, passed=False), varied(SHIELD_LIFTED, passed=False)
    words = PassWords(CHECK_ID, "editor", CHECK_WORDS_PASSED.reason, CHECK_WORDS_PASSED.passed_at)
    check.given(*waiting).when(words).then(varied(CHECK_WORDS_PASSED, lifted=True, overdue=False))


def test_behind_a_shield_nothing_is_public() -> None:
    words = PassWords(CHECK_ID, "editor", "It names an office", MONDAY)
    withdraw = WithdrawCheck(CHECK_ID, "editor", "It named somebody", MONDAY)
    for before in ([SHIELDED], [CHECK_OPENED, CHECK_SHIELDED]):
        check.given(*before).when(words).then_fails_with(NotToBePublicError)
        check.given(*before).when(withdraw).then_fails_with(NothingPublicError)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "editor"])
def test_nobody_but_an_editor_lifts_it(role: Role) -> None:
    asked = LiftShield(CHECK_ID, role, "It names nobody", MONDAY)
    check.given(SHIELDED).when(asked).then_fails_with(NoEditorError)


def test_there_is_nothing_to_lift_without_a_confidential_report() -> None:
    check.given(CHECK_OPENED).when(LIFT).then_fails_with(NotShieldedError)
    own = varied(CHECK_OPENED, confidential=True)
    check.given(own).when(LIFT).then_fails_with(NotShieldedError)
    check.given().when(LIFT).then_fails_with(checks.NotOpenedError)


def test_a_report_tells_its_followers_once_it_is_filed_and_confidential() -> None:
    report.given().when(NOTE).then(FOLLOWER_NOTED)
    waits = report.given(FOLLOWER_NOTED)
    waits.when(FileReport(HIDDEN)).then(HIDDEN, FOLLOWERS_FOUND)
    waits.when(FileReport(REPORT_FILED)).then(REPORT_FILED)
    report.given(HIDDEN).when(NOTE).then(FOLLOWERS_FOUND)
    report.given(REPORT_FILED).when(NOTE).then_nothing_happens()


def test_it_may_be_awaited_as_an_original_too() -> None:
    found = varied(ORIGINAL_FOUND, confidential=True)
    report.given(ORIGINAL_AWAITED).when(NOTE).then(FOLLOWER_NOTED)
    for before in ([ORIGINAL_AWAITED, FOLLOWER_NOTED], [FOLLOWER_NOTED, ORIGINAL_AWAITED]):
        report.given(*before).when(FileReport(HIDDEN)).then(HIDDEN, found, FOLLOWERS_FOUND)


def test_when_more_wait_than_are_noted_they_count_as_followers_of_what_is_confidential() -> None:
    noted = [varied(FOLLOWER_NOTED, check_id=f"{n:032x}") for n in range(MOST_FOLLOWERS)]
    assert report.given(*noted).decider.decide(NOTE, reports.decider.fold(noted)) == [
        FOLLOWERS_FOUND
    ]
