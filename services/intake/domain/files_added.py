"""Files that come to a report after it was filed."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.protection import ErasedError
from services.intake.domain.report_state import Filed, NamedTooLateError, common
from services.intake.domain.settlement import CloseReport, RefuteReport
from shared.contracts.attachment import MEDIA_TYPES, MOST_FILES, Attached, files_of
from shared.contracts.report import FileAttached, ReportFiled
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.errors import DomainError

ENDS = (RefuteReport, CloseReport, MarkDuplicate)
"""What is confirmed goes on: it is mended, or a commitment is made of it."""


@dataclass(frozen=True, slots=True)
class AddFiles:
    report_id: Id
    files: tuple[Attached, ...]
    now: UtcInstant


class EndedError(DomainError):
    pass


class TooManyFilesError(DomainError):
    pass


def files_added(command: AddFiles, report: Filed) -> Iterator[FileAttached]:
    """Nothing of those that go with it already, however it stands: who sends them once more is told
    what they were told."""
    new = {file.digest: file for file in command.files if file.digest not in report.files}
    if not new:
        return
    require_open(report, len(new))
    if not all(file.in_time for file in new.values()):
        raise NamedTooLateError
    for file in new.values():
        yield attached(command.report_id, report, file, command.now)


def attached(
    report_id: Id, report: Filed | ReportFiled, file: Attached, at: UtcInstant
) -> FileAttached:
    return FileAttached(
        **common(report_id, report),
        protected=report.protected,
        files=files_of(report_id),
        digest=file.digest,
        media_type=MEDIA_TYPES[file.kind],
        size=file.size,
        attached_at=at,
    )


def require_open(report: Filed, more: int = 0) -> None:
    """Raises DomainError unless so many more may come to it."""
    if report.erased:
        raise ErasedError("The report was erased: nothing more is kept of it.")
    if report.settled_by in ENDS:
        raise EndedError("The report has ended: no file is added to it any more.")
    if len(report.files) + more > MOST_FILES:
        raise TooManyFilesError(f"No more than {MOST_FILES} files go with one report.")
