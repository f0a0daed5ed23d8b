"""Who may be shown sealed words, and who has to say yes to it."""

import pytest

from services.intake.domain.opening import (
    GOOD_FOR,
    AllowOpening,
    AskOpening,
    DeclineOpening,
    NoOpeningError,
    NotAllowedYetError,
    NotWhoAskedError,
    SamePersonError,
    SettledError,
    TooOldError,
    UsedError,
    UseOpening,
    category,
)
from services.intake.domain.protection import NotForThisRoleError
from shared.contracts.roles import ROLES, Role
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    MONDAY,
    OPENING_ALLOWED,
    OPENING_ASKED,
    OPENING_DECLINED,
    OPENING_USED,
    OPERATOR_ID,
    SECOND_ID,
    varied,
)

SPEC = DeciderSpec(category.decider)
OPENING, THIRD = OPENING_ASKED.opening_id, "e" * 32
ALONE = varied(OPENING_ASKED, second_person=False)
ALLOW = AllowOpening(OPENING, SECOND_ID, "editor", MONDAY + DAY)
DECLINE = DeclineOpening(OPENING, SECOND_ID, "editor", MONDAY + DAY, OPENING_DECLINED.reason)
USE = UseOpening(OPENING, OPERATOR_ID, "inspector", MONDAY + 2 * DAY)


def test_it_is_asked_for_allowed_and_used_once() -> None:
    SPEC.given().when(AskOpening(OPENING_ASKED)).then(OPENING_ASKED)
    SPEC.given(OPENING_ASKED).when(ALLOW).then(OPENING_ALLOWED)
    SPEC.given(OPENING_ASKED, OPENING_ALLOWED).when(USE).then(OPENING_USED)
    later = UseOpening(OPENING, OPERATOR_ID, "inspector", MONDAY + 2 * DAY + DAY / 24)
    used = SPEC.given(OPENING_ASKED, OPENING_ALLOWED, OPENING_USED)
    used.when(later).then_fails_with(UsedError)


def test_a_charter_that_wants_nobody_else_lets_who_asks_be_shown_them() -> None:
    now = UseOpening(OPENING, OPERATOR_ID, "inspector", MONDAY)
    SPEC.given(ALONE).when(now).then(varied(OPENING_USED, used_at=MONDAY))
    SPEC.given(ALONE).when(ALLOW).then_fails_with(SettledError)


def test_nobody_is_shown_anything_before_a_yes_or_after_a_no() -> None:
    SPEC.given(OPENING_ASKED).when(USE).then_fails_with(NotAllowedYetError)
    SPEC.given(OPENING_ASKED, OPENING_DECLINED).when(USE).then_fails_with(NotAllowedYetError)
    taken_back = SPEC.given(OPENING_ASKED, OPENING_ALLOWED, varied(OPENING_DECLINED, by=THIRD))
    taken_back.when(USE).then_fails_with(NotAllowedYetError)
    taken_back.when(ALLOW).then_fails_with(SettledError)


def test_nobody_is_their_own_second_person_in_whatever_role() -> None:
    for role in ("inspector", "editor", "operator"):
        mine = AllowOpening(OPENING, OPERATOR_ID, role, MONDAY)
        SPEC.given(OPENING_ASKED).when(mine).then_fails_with(SamePersonError)


def test_nobody_else_is_shown_the_words_nor_who_asked_in_another_role() -> None:
    allowed = SPEC.given(OPENING_ASKED, OPENING_ALLOWED)
    for who, role in ((SECOND_ID, "inspector"), (THIRD, "editor"), (OPERATOR_ID, "editor")):
        other = UseOpening(OPENING, who, role, MONDAY + 2 * DAY)  # type: ignore[arg-type]
        allowed.when(other).then_fails_with(NotWhoAskedError)


def test_a_yes_holds_for_a_day() -> None:
    allowed = SPEC.given(OPENING_ASKED, OPENING_ALLOWED)
    last = OPENING_ALLOWED.allowed_at + GOOD_FOR
    on_time = UseOpening(OPENING, OPERATOR_ID, "inspector", last)
    allowed.when(on_time).then(varied(OPENING_USED, used_at=last))
    late = UseOpening(OPENING, OPERATOR_ID, "inspector", last + DAY / 86_400)
    allowed.when(late).then_fails_with(TooOldError)


def test_what_is_settled_is_not_settled_again() -> None:
    other = AllowOpening(OPENING, THIRD, "editor", MONDAY + DAY)
    SPEC.given(OPENING_ASKED, OPENING_ALLOWED).when(other).then_fails_with(SettledError)
    SPEC.given(OPENING_ASKED, OPENING_DECLINED).when(ALLOW).then_fails_with(SettledError)
    used = SPEC.given(OPENING_ASKED, OPENING_ALLOWED, OPENING_USED)
    used.when(DECLINE).then_fails_with(SettledError)


def test_who_asked_takes_it_back_and_a_yes_is_taken_back() -> None:
    mine = DeclineOpening(OPENING, OPERATOR_ID, "inspector", MONDAY + DAY, OPENING_DECLINED.reason)
    declined = varied(OPENING_DECLINED, by=OPERATOR_ID, role="inspector")
    SPEC.given(OPENING_ASKED).when(mine).then(declined)
    SPEC.given(OPENING_ASKED, OPENING_ALLOWED).when(DECLINE).then(OPENING_DECLINED)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("inspector", "editor")])
def test_only_inspectors_and_editors_ask(role: Role) -> None:
    asked = varied(OPENING_ASKED, role=role)
    SPEC.given().when(AskOpening(asked)).then_fails_with(NotForThisRoleError)


@pytest.mark.parametrize("role", ["placer", "auditor"])
def test_who_has_no_part_in_it_has_no_say(role: Role) -> None:
    for command in (
        AllowOpening(OPENING, SECOND_ID, role, MONDAY),
        DeclineOpening(OPENING, SECOND_ID, role, MONDAY, "No"),
    ):
        SPEC.given(OPENING_ASKED).when(command).then_fails_with(NotForThisRoleError)


def test_nobody_allows_what_nobody_asked_for() -> None:
    for command in (ALLOW, DECLINE, USE):
        SPEC.given().when(command).then_fails_with(NoOpeningError)
