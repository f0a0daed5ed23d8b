"""A report: filed, then confirmed, refuted, marked a duplicate or closed, and perhaps reopened;
answered, and corroborated by others, at any time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.course import (
    CorroborateReport,
    Course,
    HalfFixReport,
    ReopenReport,
    require_newer,
    went_on,
)
from services.intake.domain.duplicate import (
    AwaitOriginal,
    Duplicate,
    MarkDuplicate,
    OtherDuplicateError,
    OwnDuplicateError,
    PartDuplicate,
    RefuseDuplicate,
    SettleDuplicate,
    carried_out,
    parted,
)
from services.intake.domain.files_added import AddFiles, files_added
from services.intake.domain.files_passed import (
    OfFiles,
    PassFile,
    TakeFileBack,
    files_passed,
    taken_back,
)
from services.intake.domain.followers import NoteFollower, found, waits
from services.intake.domain.protection import (
    AnnounceErasure,
    EraseAsAnnounced,
    ErasedError,
    EraseReport,
    Protection,
    UnsealReport,
    protected,
)
from services.intake.domain.report_folded import evolve
from services.intake.domain.report_state import (
    NONE,
    AlreadySettledError,
    Awaited,
    Filed,
    NamedTooLateError,
    NotFiledError,
    Report,
    Unknown,
    common,
    digest,
)
from services.intake.domain.settlement import (
    CloseReport,
    ConfirmReport,
    RefuteReport,
    Settlement,
    says_less,
    settled,
)
from services.intake.domain.withdrawal import WithdrawReport, withdraws
from shared.contracts.report import (
    FileAttached,
    FollowerNoted,
    FollowersFound,
    OriginalAwaited,
    OriginalFound,
    ReportAnswered,
    ReportErased,
    ReportEvent,
    ReportFiled,
    ReportWithdrawn,
)
from shared.contracts.values import Id, Prose, UtcInstant
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileReport:
    """Its fields are those of `ReportFiled`."""

    filed: ReportFiled

    @property
    def report_id(self) -> Id:
        return self.filed.report_id


@dataclass(frozen=True, slots=True)
class FileWithFiles:
    """What goes with it is recorded together with it, or not at all; it may be gone unless it was
    named in time."""

    filed: ReportFiled
    attached: tuple[FileAttached, ...]
    in_time: bool = True

    @property
    def report_id(self) -> Id:
        return self.filed.report_id


@dataclass(frozen=True, slots=True)
class AnswerReport:
    report_id: Id
    answer: Prose
    now: UtcInstant


OfChains = PartDuplicate | AwaitOriginal | SettleDuplicate | RefuseDuplicate
ReportCommand = (
    FileReport
    | FileWithFiles
    | Settlement
    | Course
    | AnswerReport
    | Protection
    | WithdrawReport
    | AddFiles
    | OfFiles
    | OfChains
    | NoteFollower
)

# --- Decide ---------------------------------------------------------------

Decided = ReportEvent | OriginalAwaited | FollowerNoted | FollowersFound


def decide(command: ReportCommand, report: Report) -> list[Decided]:
    match command, report:
        case FileReport(filed), Unknown() | Awaited():
            return _filed(filed, report)
        case FileWithFiles(in_time=False), Unknown() | Awaited():
            raise NamedTooLateError
        case FileWithFiles(filed, attached), Unknown() | Awaited():
            return [*_filed(filed, report), *attached]
        case (FileReport() | FileWithFiles(), Filed()) | (
            AwaitOriginal(),
            Awaited(True) | Filed(is_original=True),
        ):
            return []  # a repeated command: it is already so
        case AwaitOriginal(awaited), Unknown() | Awaited():
            return [awaited]
        case NoteFollower(), _:
            return _followed(command, report)
        case AwaitOriginal(), Filed():
            return [OriginalFound(**_common(command, report))]
        case _, Unknown() | Awaited():
            raise NotFiledError("No such report was filed before.")
        case _, Filed():
            return _of_one_filed(command, report)


def _filed(filed: ReportFiled, report: Unknown | Awaited) -> list[Decided]:
    """Whoever waits for it is told."""
    if isinstance(report, Unknown):
        return [filed]
    original = [OriginalFound(**common(filed.report_id, filed))] if report.is_original else []
    followers = report.followers if filed.confidential else NONE
    return [filed, *original, *found(filed.report_id, filed.place, followers)]


def _followed(command: NoteFollower, report: Report) -> list[Decided]:
    if not isinstance(report, Filed):
        return [*waits(command, report.followers if isinstance(report, Awaited) else NONE)]
    is_told = not report.confidential or command.check_id in report.followers
    return [] if is_told else [*found(command.report_id, command.place, [command.check_id])]


def _of_one_filed(command: ReportCommand, report: Filed) -> list[Decided]:
    match command:
        case AnswerReport():
            return _answered(command, report)
        case WithdrawReport():
            return _withdrawn(command, report)
        case UnsealReport() | EraseReport() | AnnounceErasure() | EraseAsAnnounced():
            return _protected(command, report)
        case AddFiles():
            return [*files_added(command, report)]
        case PassFile() | TakeFileBack():
            return [*files_passed(command, _common(command, report), report.of_files)]
        case CorroborateReport() | HalfFixReport() | ReopenReport():
            return [*went_on(command, _common(command, report), report)]
        case PartDuplicate():
            said = report.duplicate, _common(command, report), report.reopened_at
            return [*parted(command, *said)]
        case SettleDuplicate() | RefuseDuplicate():
            return [*carried_out(command, report.duplicate, _common(command, report))]
        case ConfirmReport() | RefuteReport() | CloseReport() | MarkDuplicate():
            return _settled(command, report)
        case _:
            raise TypeError(type(command).__name__)


def _settled(command: Settlement, report: Filed) -> list[Decided]:
    match command, report:
        case MarkDuplicate(report_id=own, duplicate_of=original), _ if own == original:
            raise OwnDuplicateError("A report is not its own duplicate.")
        case MarkDuplicate(duplicate_of=original), Filed(settled_by=None, refused=refused) if (
            original in refused and not _is_looked_at_anew(command, refused[original])
        ):
            return []  # it was looked at before
        case _, Filed(settled_by=None):
            require_newer(command.now, report)
            said = _common(command, report) | {"protected": report.protected}
            return [settled(command, said, report.correspondent)]
        case MarkDuplicate(duplicate_of=original), Filed(duplicate=Duplicate(original=other)) if (
            original != other
        ):
            raise OtherDuplicateError("It is said to repeat another report; part these two first.")
        case _, Filed(settled_by=settled_by, settled_at=at) if settled_by is not None and (
            settled_by is type(command) or says_less(command, settled_by, at)
        ):
            return []
        case _:
            raise AlreadySettledError("The report was settled otherwise before.")


def _is_looked_at_anew(command: MarkDuplicate, refused_at: datetime) -> bool:
    """Sources repeat themselves; one of the staff says why, and chains may have been parted."""
    return bool(command.reason) and command.now > refused_at


def _answered(command: AnswerReport, report: Filed) -> list[Decided]:
    if report.erased:
        raise ErasedError("The words of this report were erased, and no others are kept.")
    if digest(command.answer) == report.last_answer:
        return []
    said = {"answer": command.answer, "answered_at": command.now}
    return [ReportAnswered(**_common(command, report), **said)]


def _withdrawn(command: WithdrawReport, report: Filed) -> list[Decided]:
    is_public = {"confidential": report.confidential, "protected": report.protected}
    if not withdraws(command, before=report.withdrawn, **is_public):
        return []
    said = {"role": command.role, "reason": command.reason, "withdrawn_at": command.now}
    common = _common(command, report)
    back = taken_back(common, report.of_files, command.reason, command.now)
    return [*back, ReportWithdrawn(**common, **said)]


def _protected(command: Protection, report: Filed) -> list[Decided]:
    said = _common(command, report)
    done: list[Decided] = [*protected(command, said, report.kept)]
    back = [
        each
        for event in done
        if isinstance(event, ReportErased)
        for each in taken_back(said, report.of_files, event.reason, event.erased_at)
    ]
    return [*back, *done]


def _common(command: ReportCommand, report: Filed) -> dict[str, Any]:
    return common(command.report_id, report)


decider = Decider[ReportCommand, Decided, Report](
    initial_state=Unknown(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="report",
    decider=decider,
    commands=(FileReport, ConfirmReport, RefuteReport, MarkDuplicate, CloseReport, AnswerReport),
    inner=(
        FileWithFiles,
        AddFiles,
        AwaitOriginal,
        SettleDuplicate,
        RefuseDuplicate,
        UnsealReport,
        EraseReport,
        AnnounceErasure,
        EraseAsAnnounced,
        WithdrawReport,
        PassFile,
        TakeFileBack,
        CorroborateReport,
        HalfFixReport,
        ReopenReport,
        PartDuplicate,
        NoteFollower,
    ),
    key="report_id",
    opens=lambda command: isinstance(command, FileReport | FileWithFiles),
)
