"""Owner and task of a check are public once an editor has passed them."""

import pytest

from services.intake.domain import check as checks
from services.intake.domain.check import CheckCommand, RaiseOverdue
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.words import NoEditorError, NotToBePublicError, PassWords
from shared.contracts.check import CheckEvent
from shared.contracts.roles import ROLES, Role
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    CHECK_WITHDRAWN,
    CHECK_WORDS_PASSED,
    DAY,
    DONE_LATE,
    MONDAY,
    varied,
)

AT = MONDAY + 10 * DAY
PASS = PassWords(CHECK_ID, "editor", CHECK_WORDS_PASSED.reason, AT)
WAITING, RAISED, DONE = (
    varied(each, passed=False) for each in (CHECK_OPENED, CHECK_OVERDUE, DONE_LATE)
)
EARLY = varied(CHECK_WORDS_PASSED, overdue=False)

check: DeciderSpec[CheckCommand, CheckEvent] = DeciderSpec(checks.decider)


def test_words_are_passed_once() -> None:
    check.given(WAITING).when(PASS).then(EARLY)
    check.given(WAITING, RAISED).when(PASS).then(CHECK_WORDS_PASSED)
    again = PassWords(CHECK_ID, "editor", "Another reason", AT + DAY)
    check.given(WAITING, EARLY).when(again).then_nothing_happens()


def test_those_of_a_trusted_source_need_nobody() -> None:
    check.given(CHECK_OPENED).when(PASS).then_nothing_happens()


def test_what_follows_waits_too_until_they_are_passed() -> None:
    due = CHECK_OPENED.due_at
    raise_it = RaiseOverdue(CHECK_ID, due, due + DAY)
    claim = ClaimDone(CHECK_ID, "Public Works", DONE_LATE.done_at, DONE_LATE.done_at)
    check.given(WAITING).when(raise_it).then(RAISED)
    check.given(WAITING).when(claim).then(RAISED, DONE)
    check.given(WAITING, EARLY).when(raise_it).then(CHECK_OVERDUE)
    check.given(WAITING, EARLY).when(claim).then(CHECK_OVERDUE, DONE_LATE)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "editor"])
def test_nobody_but_an_editor_passes_words(role: Role) -> None:
    asked = PassWords(CHECK_ID, role, "It names an office", AT)
    check.given(WAITING).when(asked).then_fails_with(NoEditorError)


def test_nothing_is_passed_of_what_is_not_public() -> None:
    hidden = varied(WAITING, confidential=True)
    check.given(hidden).when(PASS).then_fails_with(NotToBePublicError)
    check.given(WAITING, CHECK_WITHDRAWN).when(PASS).then_fails_with(NotToBePublicError)
    check.given().when(PASS).then_fails_with(checks.NotOpenedError)
