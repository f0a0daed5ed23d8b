"""The life of a bulletin."""

from typing import Any

import pytest

from services.publishing.domain.bulletin import (
    BelowFloorError,
    BulletinWithdrawnError,
    CallBulletin,
    ComposeBulletin,
    IssueBulletin,
    NoBulletinError,
    NotReadError,
    NoWhyError,
    OtherEditionError,
    OwnBulletinError,
    ReviewBulletin,
    WithdrawBulletin,
    category,
)
from shared.contracts.bulletin import BulletinWithdrawn
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    BULLETIN_CALLED,
    BULLETIN_COMPOSED,
    BULLETIN_CORRECTED,
    BULLETIN_ID,
    BULLETIN_ISSUED,
    BULLETIN_REVIEWED,
    BULLETIN_WITHDRAWN,
    ITEM,
    OPERATOR_ID,
    SECOND_ID,
    varied,
)

spec = DeciderSpec(category.decider)
AT = BULLETIN_COMPOSED.at
OF_THE_CENTRE = varied(ITEM, region="us.ma.boston.downtown")
SHORT = varied(BULLETIN_COMPOSED, items=(OF_THE_CENTRE,))
NOBODYS = varied(BULLETIN_COMPOSED, by=None)
SECOND = varied(BULLETIN_COMPOSED, edition=2)
RE_READ = varied(BULLETIN_REVIEWED, edition=2)


def issue(by: str = SECOND_ID, edition: int = 1, **more: Any) -> IssueBulletin:
    return IssueBulletin(BULLETIN_ID, edition, by, AT, **more)


def review(by: str = SECOND_ID, edition: int = 1) -> ReviewBulletin:
    return ReviewBulletin(BULLETIN_ID, edition, by, AT)


def test_it_is_composed_read_and_issued() -> None:
    spec.given().when(ComposeBulletin(BULLETIN_COMPOSED)).then(BULLETIN_COMPOSED)
    spec.given(BULLETIN_COMPOSED).when(review()).then(BULLETIN_REVIEWED)
    spec.given(BULLETIN_COMPOSED, BULLETIN_REVIEWED).when(issue()).then(BULLETIN_ISSUED)


def test_what_it_contains_is_what_was_composed() -> None:
    """Whatever became of stories and places meanwhile."""
    names = ("items", "heard", "terms", "first", "last")
    assert all(getattr(BULLETIN_ISSUED, each) == getattr(BULLETIN_COMPOSED, each) for each in names)


def test_who_composed_it_is_not_the_second_person() -> None:
    spec.given(BULLETIN_COMPOSED).when(review(OPERATOR_ID)).then_fails_with(OwnBulletinError)
    spec.given(BULLETIN_COMPOSED).when(issue()).then_fails_with(NotReadError)


def test_what_nobody_composed_takes_two_people_as_well() -> None:
    read = NOBODYS, BULLETIN_REVIEWED
    spec.given(*read).when(issue(SECOND_ID)).then_fails_with(OwnBulletinError)
    other = varied(BULLETIN_ISSUED, by=OPERATOR_ID)
    spec.given(*read).when(issue(OPERATOR_ID)).then(other)


def test_below_its_floor_it_says_why() -> None:
    read = SHORT, BULLETIN_REVIEWED
    spec.given(*read).when(issue()).then_fails_with(BelowFloorError)
    said = varied(BULLETIN_ISSUED, items=(OF_THE_CENTRE,), reason="A week of the mayor alone")
    spec.given(*read).when(issue(reason="A week of the mayor alone")).then(said)


def test_without_need_no_reason_is_printed() -> None:
    read = BULLETIN_COMPOSED, BULLETIN_REVIEWED
    spec.given(*read).when(issue(reason="None is needed")).then(BULLETIN_ISSUED)


def test_a_correction_is_read_as_well_and_says_why() -> None:
    issued = BULLETIN_COMPOSED, BULLETIN_REVIEWED, BULLETIN_ISSUED
    spec.given(*issued).when(ComposeBulletin(SECOND)).then(SECOND)
    spec.given(*issued, SECOND).when(issue(edition=2)).then_fails_with(NotReadError)
    spec.given(*issued, SECOND, RE_READ).when(issue(edition=2)).then_fails_with(NoWhyError)
    why = BULLETIN_CORRECTED.why
    spec.given(*issued, SECOND, RE_READ).when(issue(edition=2, why=why)).then(BULLETIN_CORRECTED)


def test_who_looked_at_another_edition_looks_again() -> None:
    both = BULLETIN_COMPOSED, SECOND
    spec.given(*both).when(review()).then_fails_with(OtherEditionError)
    spec.given(*both, RE_READ).when(issue()).then_fails_with(OtherEditionError)
    late = ComposeBulletin(varied(BULLETIN_COMPOSED, by=SECOND_ID))
    spec.given(BULLETIN_COMPOSED).when(late).then_fails_with(OtherEditionError)


def test_the_charters_day_calls_for_one_issue_whoever_says_so() -> None:
    spec.given().when(CallBulletin(BULLETIN_CALLED)).then(BULLETIN_CALLED)
    spec.given(BULLETIN_COMPOSED).when(CallBulletin(BULLETIN_CALLED)).then_nothing_happens()
    spec.given(BULLETIN_CALLED).when(ComposeBulletin(NOBODYS)).then(NOBODYS)
    other = varied(NOBODYS, items=(OF_THE_CENTRE,))
    spec.given(BULLETIN_CALLED, NOBODYS).when(ComposeBulletin(other)).then_nothing_happens()
    spec.given(BULLETIN_COMPOSED, BULLETIN_REVIEWED).when(
        ComposeBulletin(NOBODYS)
    ).then_nothing_happens()


def test_it_is_withdrawn_for_ever() -> None:
    issued = BULLETIN_COMPOSED, BULLETIN_REVIEWED, BULLETIN_ISSUED
    withdraw = WithdrawBulletin(BULLETIN_ID, SECOND_ID, AT, BULLETIN_WITHDRAWN.reason)
    spec.given(*issued).when(withdraw).then(BULLETIN_WITHDRAWN)
    never: BulletinWithdrawn = varied(BULLETIN_WITHDRAWN, issued=False)
    spec.given(BULLETIN_COMPOSED).when(withdraw).then(never)
    for command in (ComposeBulletin(SECOND), review(), issue()):
        spec.given(*issued, BULLETIN_WITHDRAWN).when(command).then_fails_with(
            BulletinWithdrawnError
        )


@pytest.mark.parametrize("command", [review(), issue()])
def test_what_nobody_composed_is_none(command: Any) -> None:
    spec.given().when(command).then_fails_with(NoBulletinError)
    spec.given(BULLETIN_CALLED).when(command).then_fails_with(NoBulletinError)
