"""A commitment goes from one owner to another, and takes its clock along."""

from dataclasses import replace

import pytest

from services.intake.domain.check import (
    CheckCommand,
    NotTheOwnerError,
    NotYetError,
    RaiseOverdue,
    decider,
)
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.handing_over import (
    MOST_TIMES,
    DoneAlreadyError,
    HandOverCheck,
    ToItselfError,
    TooOftenError,
)
from shared.contracts.check import CheckEvent
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_HANDED_OVER,
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    DAY,
    DONE_IN_TIME,
    MONDAY,
    varied,
)

AT = CHECK_HANDED_OVER.handed_over_at
NOW = AT + DAY
WHY = "The lamp is in a park"
TO_PARKS = HandOverCheck(CHECK_ID, "Public Works", "Parks", WHY, AT, NOW, told=True, explained=True)
BACK = replace(TO_PARKS, owner="Parks", to="Public Works")
HANDED_BACK = varied(CHECK_HANDED_OVER, owner="Parks", to="Public Works", number=2)

check: DeciderSpec[CheckCommand, CheckEvent] = DeciderSpec(decider)


def test_the_owner_can_hand_it_over() -> None:
    check.given(CHECK_OPENED).when(TO_PARKS).then(CHECK_HANDED_OVER)


def test_it_is_due_when_it_was_and_overdue_if_it_was() -> None:
    late = replace(TO_PARKS, handed_over_at=NOW + 20 * DAY, now=NOW + 20 * DAY)
    then = varied(CHECK_HANDED_OVER, overdue=True, handed_over_at=NOW + 20 * DAY)
    check.given(CHECK_OPENED, CHECK_OVERDUE).when(late).then(then)
    raised = RaiseOverdue(CHECK_ID, CHECK_OPENED.due_at, CHECK_OPENED.due_at + DAY)
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(raised).then(
        varied(CHECK_OVERDUE, owner="Parks")
    )


def test_handing_it_over_does_not_raise_it_twice() -> None:
    raised = RaiseOverdue(CHECK_ID, CHECK_OPENED.due_at, CHECK_OPENED.due_at + DAY)
    history = (CHECK_OPENED, CHECK_OVERDUE, CHECK_HANDED_OVER)
    check.given(*history).when(raised).then_nothing_happens()


@pytest.mark.parametrize("owner", ["Arborists", "Parks"])
def test_nobody_else_can_hand_it_over(owner: str) -> None:
    command = replace(TO_PARKS, owner=owner, to="Yet others")
    check.given(CHECK_OPENED).when(command).then_fails_with(NotTheOwnerError)


def test_who_handed_it_over_can_not_do_so_again_to_somebody_else() -> None:
    again = replace(TO_PARKS, to="Arborists")
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(again).then_fails_with(NotTheOwnerError)


def test_an_owner_is_known_by_any_name_that_the_charter_has_of_it() -> None:
    by_alias = replace(TO_PARKS, owner="Public Works Department", names=("Public Works",))
    check.given(CHECK_OPENED).when(by_alias).then(CHECK_HANDED_OVER)
    claim = ClaimDone(CHECK_ID, "The Works", DONE_IN_TIME.done_at, NOW + 9 * DAY, ("Public Works",))
    check.given(CHECK_OPENED).when(claim).then(DONE_IN_TIME)


def test_to_another_name_of_the_same_party_nothing_is_handed_over() -> None:
    to_itself = replace(TO_PARKS, to="The Works", names=("The Works",))
    check.given(CHECK_OPENED).when(to_itself).then_fails_with(ToItselfError)


def test_it_can_come_back_and_every_time_is_counted() -> None:
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(BACK).then(HANDED_BACK)
    third = varied(CHECK_HANDED_OVER, number=3)
    check.given(CHECK_OPENED, CHECK_HANDED_OVER, HANDED_BACK).when(TO_PARKS).then(third)


def test_what_goes_round_and_round_comes_to_an_end() -> None:
    often = [
        varied(CHECK_HANDED_OVER if n % 2 == 0 else HANDED_BACK, number=n + 1)
        for n in range(MOST_TIMES)
    ]
    check.given(CHECK_OPENED, *often).when(TO_PARKS).then_fails_with(TooOftenError)


def test_what_is_claimed_done_stays_with_whoever_claimed_it() -> None:
    check.given(CHECK_OPENED, DONE_IN_TIME).when(TO_PARKS).then_fails_with(DoneAlreadyError)


def test_nobody_hands_over_in_the_future_nor_before_they_got_it() -> None:
    early = replace(TO_PARKS, handed_over_at=NOW + DAY)
    check.given(CHECK_OPENED).when(early).then_fails_with(NotYetError)
    before = replace(BACK, handed_over_at=MONDAY)
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(before).then(HANDED_BACK)


def test_who_did_it_while_they_had_it_may_say_so_later() -> None:
    late_word = ClaimDone(CHECK_ID, "Public Works", AT - DAY, NOW)
    claimed = varied(DONE_IN_TIME, owner="Parks", done_at=AT - DAY)
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(late_word).then(claimed)
    after = replace(late_word, done_at=NOW)
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(after).then_fails_with(NotTheOwnerError)
    others = replace(late_word, owner="Arborists")
    check.given(CHECK_OPENED, CHECK_HANDED_OVER).when(others).then_fails_with(NotTheOwnerError)


def test_a_name_that_no_editor_has_seen_is_not_told_though_the_one_before_was() -> None:
    unseen = replace(TO_PARKS, told=False, explained=False)
    then = varied(CHECK_HANDED_OVER, told=False, explained=False)
    check.given(CHECK_OPENED).when(unseen).then(then)
    waiting = varied(CHECK_OVERDUE, owner="Parks", passed=False)
    raised = RaiseOverdue(CHECK_ID, CHECK_OPENED.due_at, CHECK_OPENED.due_at + DAY)
    check.given(CHECK_OPENED, then).when(raised).then(waiting)
    closed = varied(CHECK_OPENED, passed=False)
    hidden = varied(CHECK_HANDED_OVER, passed=False, told=False, explained=False)
    check.given(closed).when(TO_PARKS).then(hidden)
