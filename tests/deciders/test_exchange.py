"""What the body asks of who filed a report, and what they say to it."""

import pytest

from services.intake.domain.exchange import (
    MOST_IN_A_ROW,
    Inquire,
    NothingSaidError,
    Reply,
    TooManyRepliesError,
    category,
)
from services.intake.domain.protection import NotForThisRoleError
from shared.contracts.roles import OPENERS, ROLES
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import DAY, INQUIRY_MADE, MONDAY, REPLY_GIVEN, REPORT_ID, varied

SPEC = DeciderSpec(category.decider)
INQUIRE = Inquire(REPORT_ID, "inspector", INQUIRY_MADE.words, INQUIRY_MADE.made_at)
REPLY = Reply(REPORT_ID, REPLY_GIVEN.words, REPLY_GIVEN.given_at)


def test_the_body_asks_and_who_filed_it_replies_also_unasked() -> None:
    SPEC.given().when(INQUIRE).then(INQUIRY_MADE)
    SPEC.given(INQUIRY_MADE).when(REPLY).then(REPLY_GIVEN)
    SPEC.given().when(REPLY).then(REPLY_GIVEN)
    SPEC.given(INQUIRY_MADE, REPLY_GIVEN).when(INQUIRE).then(INQUIRY_MADE)


@pytest.mark.parametrize("role", sorted(set(ROLES) - OPENERS))
def test_only_who_may_read_the_reply_asks(role: str) -> None:
    asked = Inquire(REPORT_ID, role, "On which floor?", MONDAY)  # type: ignore[arg-type]
    SPEC.given().when(asked).then_fails_with(NotForThisRoleError)


def test_so_many_replies_in_a_row_are_taken_and_as_many_again_once_the_body_has_asked() -> None:
    full = [varied(REPLY_GIVEN, given_at=MONDAY + n * DAY / 24) for n in range(MOST_IN_A_ROW)]
    SPEC.given(*full[1:]).when(REPLY).then(REPLY_GIVEN)
    SPEC.given(*full).when(REPLY).then_fails_with(TooManyRepliesError)
    SPEC.given(*full, INQUIRY_MADE).when(REPLY).then(REPLY_GIVEN)


@pytest.mark.parametrize("words", ["", " \n "])
def test_nothing_is_not_said(words: str) -> None:
    SPEC.given().when(Reply(REPORT_ID, words, MONDAY)).then_fails_with(NothingSaidError)
    inquire = Inquire(REPORT_ID, "editor", words, MONDAY + DAY)
    SPEC.given().when(inquire).then_fails_with(NothingSaidError)
