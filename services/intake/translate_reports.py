"""What an upstream message asks of a report."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from services.intake.domain.course import HalfFixReport, ReopenReport
from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.files_added import AddFiles, attached
from services.intake.domain.report import FileReport, FileWithFiles, ReportCommand
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from shared.contracts.attachment import Attached
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import ReportAttached, ReportReopened, ReportResolved
from shared.contracts.receipt import Fault
from shared.contracts.report import ReportFiled
from shared.eventsourcing.inbox.parse import RefusalError

FilesNamed = Callable[[str, Sequence[str]], "Sequence[Attached] | None"]
"""What was uploaded for a report under these names; None unless all of it was."""

AHEAD = "It is filed at a time that has not come yet."
AHEAD_AT = Fault(detail=AHEAD, pointer="/filed_at")


def check_filed(at: datetime, now: datetime, clocks_differ_by: timedelta | None) -> None:
    if clocks_differ_by is not None and at > now + clocks_differ_by:
        raise RefusalError("Forbidden now", AHEAD, AHEAD_AT)


def with_files(
    filed: ReportFiled, names: Sequence[str], files_named: FilesNamed
) -> FileReport | FileWithFiles:
    if not names:
        return FileReport(filed)
    found = _uploaded(filed.report_id, names, files_named)
    events = [attached(filed.report_id, filed, each, filed.filed_at) for each in found]
    return FileWithFiles(filed, tuple(events), all(each.in_time for each in found))


def reopened(source: str, said: ReportReopened, now: datetime) -> ReopenReport:
    report_id = aggregate_id("report", source, said.report)
    return ReopenReport(report_id, said.reason, min(said.reopened_at, now), told=True)


def added(source: str, said: ReportAttached, files_named: FilesNamed, now: datetime) -> AddFiles:
    report_id = aggregate_id("report", source, said.report)
    return AddFiles(report_id, _uploaded(report_id, said.attachments, files_named), now)


def _uploaded(
    report_id: str, names: Sequence[str], files_named: FilesNamed
) -> tuple[Attached, ...]:
    """Each file once, in time where one of its names is."""
    found = files_named(report_id, tuple(dict.fromkeys(names)))
    if found is None:
        detail = "No such file was uploaded for this report."
        fault = Fault(detail=detail, pointer="/attachments")
        raise RefusalError("Unknown attachment", detail, fault)
    return tuple({each.digest: each for each in sorted(found, key=attrgetter("in_time"))}.values())


def resolved(source: str, said: ReportResolved) -> ReportCommand:
    report_id = aggregate_id("report", source, said.report)
    match said.outcome:
        case "confirmed":
            return ConfirmReport(report_id, said.reason, said.resolved_at)
        case "refuted":
            return RefuteReport(report_id, said.reason, said.resolved_at)
        case "closed":
            return CloseReport(report_id, said.reason, said.resolved_at)
        case "half-fixed":
            return HalfFixReport(report_id, said.reason, said.resolved_at)
        case "duplicate":
            if said.duplicate_of is None:
                fault = Fault(detail="Say which report it repeats.", pointer="/duplicate_of")
                raise RefusalError("Invalid body", fault.detail, fault)
            original = aggregate_id("report", source, said.duplicate_of)
            return MarkDuplicate(report_id, original, said.resolved_at)
