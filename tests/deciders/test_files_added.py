"""Files come to a report that is open, whatever became of it before; each once, and ten at most."""

import pytest

from services.intake.domain import report
from services.intake.domain.files_added import AddFiles, EndedError, TooManyFilesError
from services.intake.domain.protection import ErasedError
from services.intake.domain.report_state import NamedTooLateError
from shared.contracts.attachment import MOST_FILES, Attached
from shared.contracts.report import ReportEvent
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    FILE_ATTACHED,
    FILE_PASSED,
    FILE_TAKEN_BACK,
    MONDAY,
    REPORT_CLOSED,
    REPORT_CONFIRMED,
    REPORT_ERASED,
    REPORT_FILED,
    REPORT_ID,
    REPORT_MARKED_DUPLICATE,
    REPORT_REFUTED,
    REPORT_REOPENED,
    REPORT_WITHDRAWN,
    varied,
)

LATER = MONDAY + DAY
FILED = varied(REPORT_FILED, protected=False)
FILE = Attached(FILE_ATTACHED.digest, "jpeg", FILE_ATTACHED.size)
OTHER = Attached("6" * 32, "pdf", 65_536)
CAME = varied(FILE_ATTACHED, attached_at=LATER)
OTHER_CAME = varied(CAME, digest=OTHER.digest, size=OTHER.size, media_type="application/pdf")
spec = DeciderSpec(report.decider)


def add(*files: Attached) -> AddFiles:
    return AddFiles(REPORT_ID, files, LATER)


@pytest.mark.parametrize(
    "story",
    [
        (),
        (REPORT_CONFIRMED,),
        (REPORT_WITHDRAWN,),
        (REPORT_CLOSED, REPORT_REOPENED),
    ],
    ids=lambda story: "+".join(type(each).__name__ for each in story) or "filed",
)
def test_files_come_to_an_open_report(story: tuple[ReportEvent, ...]) -> None:
    spec.given(FILED, *story).when(add(FILE, OTHER)).then(CAME, OTHER_CAME)


@pytest.mark.parametrize("ends", [REPORT_REFUTED, REPORT_CLOSED, REPORT_MARKED_DUPLICATE])
def test_none_comes_to_one_that_has_ended(ends: ReportEvent) -> None:
    spec.given(FILED, ends).when(add(FILE)).then_fails_with(EndedError)


def test_none_comes_to_one_that_was_erased() -> None:
    spec.given(FILED, REPORT_ERASED).when(add(FILE)).then_fails_with(ErasedError)


def test_what_goes_with_it_already_is_not_said_again() -> None:
    spec.given(FILED, FILE_ATTACHED).when(add(FILE, OTHER, OTHER)).then(OTHER_CAME)
    spec.given(FILED, FILE_ATTACHED, REPORT_CLOSED).when(add(FILE)).then_nothing_happens()


def test_what_may_be_gone_is_not_added_unless_it_is_there() -> None:
    late = FILE._replace(in_time=False)
    spec.given(FILED).when(add(OTHER, late)).then_fails_with(NamedTooLateError)
    spec.given(FILED, FILE_ATTACHED).when(add(OTHER, late)).then(OTHER_CAME)


def test_what_was_taken_back_is_not_shown_for_being_sent_again() -> None:
    story = (FILED, FILE_ATTACHED, FILE_PASSED, FILE_TAKEN_BACK)
    spec.given(*story).when(add(FILE)).then_nothing_happens()


def test_it_is_as_protected_as_its_report() -> None:
    spec.given(REPORT_FILED).when(add(FILE)).then(varied(CAME, protected=REPORT_FILED.protected))


def test_ten_go_with_a_report_and_no_more() -> None:
    many = [varied(FILE_ATTACHED, digest=f"{number:032}") for number in range(MOST_FILES - 1)]
    spec.given(FILED, *many).when(add(FILE, OTHER)).then_fails_with(TooManyFilesError)
    spec.given(FILED, *many).when(add(FILE)).then(CAME)
