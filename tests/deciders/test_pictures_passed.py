"""An editor lets a picture of a finding be public with its check, and takes it back, for good."""

from datetime import datetime

import pytest

from services.intake.domain import check
from services.intake.domain.files_passed import FileTakenBackError, NoSuchFileError
from services.intake.domain.pictures_passed import (
    NotAllowedByCheckerError,
    PassPicture,
    TakePictureBack,
)
from services.intake.domain.shield import ShieldCheck
from services.intake.domain.withdrawal import WithdrawCheck
from services.intake.domain.words import NoEditorError, NotToBePublicError
from shared.contracts.check import CheckEvent
from shared.contracts.roles import Role
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_SHIELDED,
    CHECK_WITHDRAWN,
    CHECKING_ID,
    DAY,
    MEMBER_ID,
    PICTURE_PASSED,
    PICTURE_TAKEN_BACK,
    varied,
)

PASSED, TAKEN_BACK = PICTURE_PASSED, PICTURE_TAKEN_BACK
LATER = TAKEN_BACK.taken_back_at + DAY
OTHER = varied(PASSED, digest="6" * 32, picture="9" * 32)
spec = DeciderSpec(check.decider)


def passes(
    *, may_be_shown: bool = True, role: Role = "editor", at: datetime = PASSED.passed_at
) -> PassPicture:
    which = CHECK_ID, CHECKING_ID, MEMBER_ID, PASSED.digest, PASSED.picture
    return PassPicture(*which, may_be_shown, role, PASSED.reason, at)


def takes_back(role: Role | None = "editor", digest: str = PASSED.digest) -> TakePictureBack:
    said = role, TAKEN_BACK.reason, TAKEN_BACK.taken_back_at
    return TakePictureBack(CHECK_ID, CHECKING_ID, digest, *said)


def test_it_is_passed_once_and_taken_back_for_good() -> None:
    spec.given(CHECK_OPENED).when(passes()).then(PASSED)
    story = spec.given(CHECK_OPENED, PASSED)
    story.when(passes(at=LATER)).then_nothing_happens()
    story.when(takes_back()).then(TAKEN_BACK)
    gone = spec.given(CHECK_OPENED, PASSED, TAKEN_BACK)
    gone.when(takes_back()).then_nothing_happens()
    gone.when(passes(at=LATER)).then_fails_with(FileTakenBackError)


def test_one_is_taken_back_and_no_other() -> None:
    spec.given(CHECK_OPENED, PASSED, OTHER).when(takes_back()).then(TAKEN_BACK)
    never = spec.given(CHECK_OPENED, PASSED)
    never.when(takes_back(digest=OTHER.digest)).then_fails_with(NoSuchFileError)


def test_who_took_it_has_to_allow_it() -> None:
    story = spec.given(CHECK_OPENED)
    story.when(passes(may_be_shown=False)).then_fails_with(NotAllowedByCheckerError)


def test_editors_alone_pass_it_and_it_goes_with_who_took_it() -> None:
    story = spec.given(CHECK_OPENED, PASSED)
    roles: tuple[Role, ...] = ("inspector", "operator")
    for role in roles:
        spec.given(CHECK_OPENED).when(passes(role=role)).then_fails_with(NoEditorError)
        story.when(takes_back(role)).then_fails_with(NoEditorError)
    story.when(takes_back(None)).then(TAKEN_BACK)


@pytest.mark.parametrize("how", [CHECK_WITHDRAWN, CHECK_SHIELDED], ids=["withdrawn", "shielded"])
def test_of_what_is_not_public_none_is(how: CheckEvent) -> None:
    spec.given(CHECK_OPENED, how).when(passes()).then_fails_with(NotToBePublicError)
    hidden = varied(CHECK_OPENED, confidential=True)
    spec.given(hidden).when(passes()).then_fails_with(NotToBePublicError)


@pytest.mark.parametrize("how", ["withdrawn", "shielded"])
def test_what_takes_a_check_back_takes_its_pictures_along_first(how: str) -> None:
    """While something of it is told still."""
    at, said = CHECK_WITHDRAWN.withdrawn_at, CHECK_WITHDRAWN
    if how == "withdrawn":
        last, reason = said, said.reason
        command: WithdrawCheck | ShieldCheck = WithdrawCheck(CHECK_ID, said.role, reason, at)
    else:
        last, reason = CHECK_SHIELDED, "It follows a confidential report."
        at, command = last.shielded_at, ShieldCheck(CHECK_ID, last.shielded_at)
    told = {"reason": reason, "taken_back_at": at}
    first = varied(TAKEN_BACK, **told)
    other = varied(first, digest=OTHER.digest, picture=OTHER.picture)
    spec.given(CHECK_OPENED, PASSED, OTHER).when(command).then(other, first, last)
    spec.given(CHECK_OPENED, PASSED, TAKEN_BACK).when(command).then(last)
