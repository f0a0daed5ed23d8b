"""What a report allows, and when."""

from dataclasses import replace

import pytest

from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.protection import (
    ErasedError,
    EraseReport,
    NotForThisRoleError,
    UnsealReport,
)
from services.intake.domain.report import (
    AlreadySettledError,
    AnswerReport,
    FileReport,
    FileWithFiles,
    NamedTooLateError,
    NotFiledError,
    ReportCommand,
    decider,
)
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from shared.contracts.report import ReportEvent
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    DUPLICATE_CLAIMED,
    FILE_ATTACHED,
    GRAFFITI,
    MONDAY,
    ORIGINAL_ID,
    REPORT_ANSWERED,
    REPORT_CLOSED,
    REPORT_CONFIRMED,
    REPORT_ERASED,
    REPORT_FILED,
    REPORT_ID,
    REPORT_REFUTED,
    REPORT_UNSEALED,
    varied,
)

TUESDAY = MONDAY + DAY
FILE = FileReport(REPORT_FILED)
CONFIRM = ConfirmReport(REPORT_ID, "Case resolved", TUESDAY)
REFUTE = RefuteReport(REPORT_ID, "Case invalid", TUESDAY)
MARK_DUPLICATE = MarkDuplicate(REPORT_ID, ORIGINAL_ID, TUESDAY, DUPLICATE_CLAIMED.reason)
CLOSE = CloseReport(REPORT_ID, "Out of reach", TUESDAY)
ANSWER = AnswerReport(REPORT_ID, "A crew is on its way.", TUESDAY)

SETTLED: dict[ReportEvent, ReportCommand] = {
    REPORT_CONFIRMED: CONFIRM,
    REPORT_REFUTED: REFUTE,
    DUPLICATE_CLAIMED: MARK_DUPLICATE,
    REPORT_CLOSED: CLOSE,
}

report: DeciderSpec[ReportCommand, ReportEvent] = DeciderSpec(decider)


def test_a_report_can_be_filed() -> None:
    report.given().when(FILE).then(REPORT_FILED)


def test_a_report_without_a_known_correspondent_can_be_filed() -> None:
    filed = varied(REPORT_FILED, correspondent=None)
    report.given().when(FileReport(filed)).then(filed)


def test_a_report_is_not_filed_with_a_file_that_is_named_too_late() -> None:
    late = FileWithFiles(REPORT_FILED, (FILE_ATTACHED,), in_time=False)
    report.given().when(late).then_fails_with(NamedTooLateError)
    report.given(REPORT_FILED, FILE_ATTACHED).when(late).then_nothing_happens()


def test_filing_a_report_again_changes_nothing() -> None:
    report.given(REPORT_FILED).when(FILE).then_nothing_happens()


@pytest.mark.parametrize(("event", "command"), SETTLED.items(), ids=lambda x: type(x).__name__)
def test_a_filed_report_can_be_settled(event: ReportEvent, command: ReportCommand) -> None:
    report.given(REPORT_FILED).when(command).then(event)


@pytest.mark.parametrize(("event", "command"), SETTLED.items(), ids=lambda x: type(x).__name__)
def test_settling_a_report_the_same_way_again_changes_nothing(
    event: ReportEvent, command: ReportCommand
) -> None:
    report.given(REPORT_FILED, event).when(command).then_nothing_happens()


@pytest.mark.parametrize("command", SETTLED.values(), ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("event", SETTLED, ids=lambda x: type(x).__name__)
def test_a_settled_report_can_not_be_settled_another_way(
    event: ReportEvent, command: ReportCommand
) -> None:
    if {type(command), type(SETTLED[event])} == {ConfirmReport, CloseReport}:
        command = replace(command, now=command.now + DAY)  # of the same day they are one
    if SETTLED[event] is not command:
        report.given(REPORT_FILED, event).when(command).then_fails_with(AlreadySettledError)


@pytest.mark.parametrize("command", [*SETTLED.values(), ANSWER], ids=lambda x: type(x).__name__)
def test_what_was_never_filed_can_neither_be_settled_nor_answered(command: ReportCommand) -> None:
    report.given().when(command).then_fails_with(NotFiledError)


def test_what_a_report_is_about_stays_with_it_when_it_is_settled() -> None:
    filed = varied(REPORT_FILED, sector=GRAFFITI, confidential=True, correspondent=None)
    confirmed = varied(REPORT_CONFIRMED, sector=GRAFFITI, confidential=True, correspondent=None)
    report.given(filed).when(CONFIRM).then(confirmed)


@pytest.mark.parametrize("earlier", [(), *((event,) for event in SETTLED)])
def test_a_report_can_be_answered_at_any_time(earlier: tuple[ReportEvent, ...]) -> None:
    report.given(REPORT_FILED, *earlier).when(ANSWER).then(REPORT_ANSWERED)


def test_a_different_answer_may_follow_and_the_first_be_given_again() -> None:
    other = varied(REPORT_ANSWERED, answer="It is mended.")
    report.given(REPORT_FILED, REPORT_ANSWERED).when(
        AnswerReport(REPORT_ID, "It is mended.", TUESDAY)
    ).then(other)
    report.given(REPORT_FILED, REPORT_ANSWERED, other).when(ANSWER).then(REPORT_ANSWERED)


def test_an_answer_does_not_settle_a_report() -> None:
    report.given(REPORT_FILED, REPORT_ANSWERED).when(CONFIRM).then(REPORT_CONFIRMED)


UNSEAL = UnsealReport(REPORT_ID, "inspector", "The place is to be found", TUESDAY)
ERASE = EraseReport(REPORT_ID, "Asked for by who filed it", TUESDAY)


def test_that_words_were_shown_is_written_down_each_time() -> None:
    again = UnsealReport(REPORT_ID, "editor", "Once more", TUESDAY + DAY)
    report.given(REPORT_FILED).when(UNSEAL).then(REPORT_UNSEALED)
    report.given(REPORT_FILED, REPORT_UNSEALED).when(again).then(
        varied(REPORT_UNSEALED, role="editor", reason="Once more", unsealed_at=TUESDAY + DAY)
    )
    for role in ("operator", "placer", "auditor"):
        other = UnsealReport(REPORT_ID, role, "Curious", TUESDAY)
        report.given(REPORT_FILED).when(other).then_fails_with(NotForThisRoleError)


def test_a_report_is_erased_once_and_its_words_are_over() -> None:
    report.given(REPORT_FILED).when(ERASE).then(REPORT_ERASED)
    later = EraseReport(REPORT_ID, "Again", TUESDAY + DAY)
    report.given(REPORT_FILED, REPORT_ERASED).when(later).then_nothing_happens()
    for command in (UNSEAL, ANSWER):
        report.given(REPORT_FILED, REPORT_ERASED).when(command).then_fails_with(ErasedError)


def test_what_was_erased_is_settled_as_ever() -> None:
    report.given(REPORT_FILED, REPORT_ERASED).when(CONFIRM).then(REPORT_CONFIRMED)


def test_nothing_is_shown_or_erased_of_what_was_not_filed() -> None:
    for command in (UNSEAL, ERASE):
        report.given().when(command).then_fails_with(NotFiledError)
