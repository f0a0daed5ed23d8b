"""An editor takes back what is public of a report or a check."""

import pytest

from services.intake.domain import check as checks
from services.intake.domain import report as reports
from services.intake.domain.check import CheckCommand, RaiseOverdue
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.report import ReportCommand
from services.intake.domain.settlement import ConfirmReport
from services.intake.domain.withdrawal import (
    NotAnEditorError,
    NothingPublicError,
    ToldTogetherError,
    WithdrawCheck,
    WithdrawReport,
)
from shared.contracts.check import CheckEvent
from shared.contracts.report import ReportEvent
from shared.contracts.roles import ROLES, Role
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    CHECK_WITHDRAWN,
    DAY,
    DONE_LATE,
    MONDAY,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_ID,
    REPORT_WITHDRAWN,
    varied,
)

AT = MONDAY + 10 * DAY
WHY = "It named somebody"
WITHDRAW = WithdrawCheck(CHECK_ID, "editor", WHY, AT)
WITHDRAW_REPORT = WithdrawReport(REPORT_ID, "editor", WHY, AT)

check: DeciderSpec[CheckCommand, CheckEvent] = DeciderSpec(checks.decider)
report: DeciderSpec[ReportCommand, ReportEvent] = DeciderSpec(reports.decider)


def test_a_check_is_withdrawn_once_whatever_it_has_come_to() -> None:
    for history in ([], [CHECK_OVERDUE], [CHECK_OVERDUE, DONE_LATE]):
        check.given(CHECK_OPENED, *history).when(WITHDRAW).then(CHECK_WITHDRAWN)
    later = WithdrawCheck(CHECK_ID, "editor", "Another reason", AT + DAY)
    check.given(CHECK_OPENED, CHECK_WITHDRAWN).when(later).then_nothing_happens()


def test_what_happens_to_a_withdrawn_check_happens_and_is_confidential() -> None:
    """It would be public with the owner and the task for which it was withdrawn."""
    withdrawn = check.given(CHECK_OPENED, CHECK_WITHDRAWN)
    due = CHECK_OPENED.due_at
    withdrawn.when(RaiseOverdue(CHECK_ID, due, due + DAY)).then(
        varied(CHECK_OVERDUE, confidential=True)
    )
    claim = ClaimDone(CHECK_ID, "Public Works", DONE_LATE.done_at, DONE_LATE.done_at)
    withdrawn.when(claim).then(
        varied(CHECK_OVERDUE, confidential=True), varied(DONE_LATE, confidential=True)
    )


def test_a_report_is_withdrawn_once_and_goes_its_way() -> None:
    report.given(REPORT_FILED).when(WITHDRAW_REPORT).then(REPORT_WITHDRAWN)
    report.given(REPORT_FILED, REPORT_CONFIRMED).when(WITHDRAW_REPORT).then(REPORT_WITHDRAWN)
    confirm = ConfirmReport(REPORT_ID, "Case resolved", MONDAY + DAY)
    report.given(REPORT_FILED, REPORT_WITHDRAWN).when(confirm).then(REPORT_CONFIRMED)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "editor"])
def test_nobody_but_an_editor_withdraws(role: Role) -> None:
    asked = WithdrawCheck(CHECK_ID, role, WHY, AT)
    check.given(CHECK_OPENED).when(asked).then_fails_with(NotAnEditorError)
    of_report = WithdrawReport(REPORT_ID, role, WHY, AT)
    report.given(REPORT_FILED).when(of_report).then_fails_with(NotAnEditorError)


def test_nothing_is_withdrawn_of_what_is_not_public() -> None:
    hidden = varied(CHECK_OPENED, confidential=True)
    check.given(hidden).when(WITHDRAW).then_fails_with(NothingPublicError)
    check.given().when(WITHDRAW).then_fails_with(checks.NotOpenedError)
    filed = varied(REPORT_FILED, confidential=True)
    report.given(filed).when(WITHDRAW_REPORT).then_fails_with(NothingPublicError)
    report.given().when(WITHDRAW_REPORT).then_fails_with(reports.NotFiledError)


def test_what_was_told_together_with_others_is_not_taken_back_alone() -> None:
    filed = varied(REPORT_FILED, protected=True)
    report.given(filed).when(WITHDRAW_REPORT).then_fails_with(ToldTogetherError)
