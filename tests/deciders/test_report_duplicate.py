"""What a report allows that is said to repeat another one, or that another one repeats."""

from dataclasses import replace
from typing import Any

import pytest
from test_report import CONFIRM, FILE, MARK_DUPLICATE, SETTLED, report

from services.intake.domain.duplicate import (
    AwaitOriginal,
    OtherDuplicateError,
    OwnDuplicateError,
    RefuseDuplicate,
    SettleDuplicate,
)
from services.intake.domain.report import AlreadySettledError, NotFiledError
from shared.contracts.report import ReportEvent
from shared.testing.examples import (
    DAY,
    DORCHESTER,
    DUPLICATE_CLAIMED,
    DUPLICATE_REFUSED,
    MONDAY,
    ORIGINAL_AWAITED,
    ORIGINAL_FOUND,
    ORIGINAL_ID,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_ID,
    REPORT_MARKED_DUPLICATE,
    report_id,
    varied,
)

OTHER_ID = "0" * 32
SAID: dict[str, Any] = {"report_id": REPORT_ID, "duplicate_of": ORIGINAL_ID}
SETTLE = SettleDuplicate(**SAID, claimed_at=MONDAY + DAY, head=ORIGINAL_ID, as_of=7)
REFUSE = RefuseDuplicate(**SAID, claimed_at=MONDAY + DAY, reason=DUPLICATE_REFUSED.reason)
AWAIT = AwaitOriginal(ORIGINAL_AWAITED)
OLD_MARK = varied(REPORT_MARKED_DUPLICATE, head=None, as_of=0)


def test_no_report_is_its_own_duplicate() -> None:
    report.given(REPORT_FILED).when(
        replace(MARK_DUPLICATE, duplicate_of=REPORT_ID)
    ).then_fails_with(OwnDuplicateError)


def test_two_who_merge_it_into_different_ones_are_not_both_told_that_it_is_done() -> None:
    other = replace(MARK_DUPLICATE, duplicate_of=report_id(99))
    report.given(REPORT_FILED, DUPLICATE_CLAIMED).when(other).then_fails_with(OtherDuplicateError)
    report.given(REPORT_FILED, DUPLICATE_CLAIMED).when(MARK_DUPLICATE).then_nothing_happens()


def test_what_is_said_to_repeat_another_is_marked_with_the_head_of_its_chain() -> None:
    report.given(REPORT_FILED, DUPLICATE_CLAIMED).when(replace(SETTLE, head=OTHER_ID)).then(
        varied(REPORT_MARKED_DUPLICATE, head=OTHER_ID)
    )


@pytest.mark.parametrize("earlier", [REPORT_MARKED_DUPLICATE, OLD_MARK])
def test_it_is_marked_again_when_its_head_changes(earlier: ReportEvent) -> None:
    """The mark of a log from before heads were known has none."""
    report.given(REPORT_FILED, earlier).when(replace(SETTLE, head=OTHER_ID, as_of=8)).then(
        varied(REPORT_MARKED_DUPLICATE, head=OTHER_ID, as_of=8)
    )


@pytest.mark.parametrize("as_of", [6, 7])
def test_a_head_that_was_named_earlier_comes_too_late(as_of: int) -> None:
    report.given(REPORT_FILED, DUPLICATE_CLAIMED, REPORT_MARKED_DUPLICATE).when(
        replace(SETTLE, head=OTHER_ID, as_of=as_of)
    ).then_nothing_happens()


def test_a_refused_duplicate_is_open_again() -> None:
    report.given(REPORT_FILED, DUPLICATE_CLAIMED).when(REFUSE).then(DUPLICATE_REFUSED)
    report.given(REPORT_FILED, DUPLICATE_CLAIMED, DUPLICATE_REFUSED).when(CONFIRM).then(
        REPORT_CONFIRMED
    )


def test_one_of_the_staff_may_have_it_looked_at_anew() -> None:
    """Chains may have been parted since; a source only repeats itself."""
    refused = (REPORT_FILED, DUPLICATE_CLAIMED, DUPLICATE_REFUSED)
    later = replace(MARK_DUPLICATE, now=DUPLICATE_REFUSED.claimed_at + DAY, reason="")
    report.given(*refused).when(later).then_nothing_happens()
    anew = replace(later, reason="They are the same after all")
    claimed = varied(DUPLICATE_CLAIMED, claimed_at=later.now, reason=anew.reason)
    report.given(*refused).when(anew).then(claimed)


def test_and_may_be_said_to_repeat_another_one() -> None:
    again = replace(MARK_DUPLICATE, duplicate_of=OTHER_ID)
    report.given(REPORT_FILED, DUPLICATE_CLAIMED, DUPLICATE_REFUSED).when(again).then(
        varied(DUPLICATE_CLAIMED, duplicate_of=OTHER_ID)
    )


@pytest.mark.parametrize("command", [SETTLE, REFUSE], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize(
    "changes", [{"duplicate_of": OTHER_ID}, {"claimed_at": MONDAY}], ids=["other", "earlier"]
)
def test_what_is_about_another_claim_changes_nothing(
    command: SettleDuplicate | RefuseDuplicate, changes: dict[str, Any]
) -> None:
    report.given(REPORT_FILED, DUPLICATE_CLAIMED).when(
        replace(command, **changes)
    ).then_nothing_happens()


@pytest.mark.parametrize("command", [SETTLE, REFUSE], ids=lambda x: type(x).__name__)
@pytest.mark.parametrize(
    "earlier", [(), (REPORT_CONFIRMED,), (DUPLICATE_CLAIMED, DUPLICATE_REFUSED)]
)
def test_nobody_settles_or_refuses_what_is_no_duplicate(
    command: SettleDuplicate | RefuseDuplicate, earlier: tuple[ReportEvent, ...]
) -> None:
    report.given(REPORT_FILED, *earlier).when(command).then_nothing_happens()


@pytest.mark.parametrize("mark", [DUPLICATE_CLAIMED, REPORT_MARKED_DUPLICATE, OLD_MARK])
def test_as_long_as_it_is_not_refused_it_can_not_be_settled_another_way(mark: ReportEvent) -> None:
    for command in SETTLED.values():
        if command is not MARK_DUPLICATE:
            report.given(REPORT_FILED, mark).when(command).then_fails_with(AlreadySettledError)


def test_an_original_that_was_filed_is_found_once() -> None:
    report.given(REPORT_FILED).when(AWAIT).then(ORIGINAL_FOUND)
    report.given(REPORT_FILED, ORIGINAL_FOUND).when(AWAIT).then_nothing_happens()


def test_one_that_was_not_is_awaited_and_found_when_it_is_filed() -> None:
    report.given().when(AWAIT).then(ORIGINAL_AWAITED)
    report.given(ORIGINAL_AWAITED).when(FILE).then(REPORT_FILED, ORIGINAL_FOUND)


def test_it_is_found_at_its_own_place() -> None:
    report.given(varied(ORIGINAL_AWAITED, place=DORCHESTER)).when(FILE).then(
        REPORT_FILED, ORIGINAL_FOUND
    )


@pytest.mark.parametrize("command", [*SETTLED.values()], ids=lambda x: type(x).__name__)
def test_an_awaited_report_allows_nothing_that_a_filed_one_does(command: Any) -> None:
    report.given(ORIGINAL_AWAITED).when(command).then_fails_with(NotFiledError)
