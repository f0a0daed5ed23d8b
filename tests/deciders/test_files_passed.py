"""An editor lets a picture be public and takes it back; what is not open is never passed."""

from dataclasses import replace

import pytest

from services.intake.domain import report
from services.intake.domain.files_passed import (
    FileTakenBackError,
    NoSuchFileError,
    PassFile,
    TakeFileBack,
)
from services.intake.domain.protection import EraseReport
from services.intake.domain.withdrawal import WithdrawReport
from services.intake.domain.words import NoEditorError, NotToBePublicError
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    FILE_ATTACHED,
    FILE_PASSED,
    FILE_TAKEN_BACK,
    MONDAY,
    REPORT_ERASED,
    REPORT_FILED,
    REPORT_ID,
    REPORT_WITHDRAWN,
    varied,
)

DIGEST, PICTURE = FILE_PASSED.digest, FILE_PASSED.picture
FILED = varied(REPORT_FILED, protected=False)
PASS = PassFile(
    REPORT_ID, DIGEST, PICTURE, FILE_PASSED.role, FILE_PASSED.reason, FILE_PASSED.passed_at
)
BACK = TakeFileBack(
    REPORT_ID, DIGEST, "editor", FILE_TAKEN_BACK.reason, FILE_TAKEN_BACK.taken_back_at
)
LATER = MONDAY + 9 * DAY
spec = DeciderSpec(report.decider)


def test_a_picture_is_passed_once() -> None:
    given = spec.given(FILED, FILE_ATTACHED)
    given.when(PASS).then(FILE_PASSED)
    spec.given(FILED, FILE_ATTACHED, FILE_PASSED).when(PASS).then()


def test_it_is_taken_back_for_good() -> None:
    spec.given(FILED, FILE_ATTACHED, FILE_PASSED).when(BACK).then(FILE_TAKEN_BACK)
    back = spec.given(FILED, FILE_ATTACHED, FILE_PASSED, FILE_TAKEN_BACK)
    back.when(BACK).then()
    back.when(PASS).then_fails_with(FileTakenBackError)


@pytest.mark.parametrize("changes", [{"confidential": True}, {"protected": True}])
def test_what_is_sealed_or_protected_is_never_passed(changes: dict[str, bool]) -> None:
    filed, file = varied(FILED, **changes), varied(FILE_ATTACHED, **changes)
    spec.given(filed, file).when(PASS).then_fails_with(NotToBePublicError)


@pytest.mark.parametrize("gone", [REPORT_ERASED, REPORT_WITHDRAWN], ids=["erased", "withdrawn"])
def test_of_what_is_gone_nothing_is_passed(gone: object) -> None:
    spec.given(FILED, FILE_ATTACHED, gone).when(PASS).then_fails_with(NotToBePublicError)


def test_of_a_file_that_is_not_there_nothing_is_passed() -> None:
    spec.given(FILED).when(PASS).then_fails_with(NoSuchFileError)
    spec.given(FILED, FILE_ATTACHED).when(BACK).then_fails_with(NoSuchFileError)


@pytest.mark.parametrize("role", ["inspector", "operator", "auditor"])
def test_only_an_editor_does(role: str) -> None:
    given = spec.given(FILED, FILE_ATTACHED, FILE_PASSED)
    for command in (PASS, BACK):
        given.when(replace(command, role=role)).then_fails_with(NoEditorError)


def test_an_erasure_and_a_withdrawal_take_it_back() -> None:
    given = spec.given(FILED, FILE_ATTACHED, FILE_PASSED)
    said = {"reason": "Asked for", "taken_back_at": LATER}
    back = varied(FILE_TAKEN_BACK, **said)
    erased = varied(REPORT_ERASED, reason="Asked for", erased_at=LATER)
    given.when(EraseReport(REPORT_ID, "Asked for", LATER)).then(back, erased)
    withdrawn = varied(REPORT_WITHDRAWN, reason="Asked for", withdrawn_at=LATER)
    given.when(WithdrawReport(REPORT_ID, "editor", "Asked for", LATER)).then(back, withdrawn)
    again = spec.given(FILED, FILE_ATTACHED, FILE_PASSED, FILE_TAKEN_BACK)
    again.when(EraseReport(REPORT_ID, "Asked for", LATER)).then(erased)
