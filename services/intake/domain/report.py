"""A report: filed, then confirmed, refuted, marked a duplicate or closed; answered at any time."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from rpds import HashTrieSet

from services.intake.domain.duplicate import (
    AwaitOriginal,
    Duplicate,
    MarkDuplicate,
    OwnDuplicateError,
    RefuseDuplicate,
    SettleDuplicate,
    carried_out,
)
from services.intake.domain.followers import NoteFollower, found, waits
from services.intake.domain.protection import (
    AnnounceErasure,
    EraseAsAnnounced,
    ErasedError,
    EraseReport,
    Kept,
    Protection,
    UnsealReport,
    protected,
)
from services.intake.domain.settlement import (
    SETTLED_BY,
    CloseReport,
    ConfirmReport,
    RefuteReport,
    Settlement,
    settled,
)
from services.intake.domain.withdrawal import WithdrawReport, withdraws
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateRefused,
    ErasureAnnounced,
    FollowerNoted,
    FollowersFound,
    OriginalAwaited,
    OriginalFound,
    ReportAnswered,
    ReportErased,
    ReportEvent,
    ReportFiled,
    ReportMarkedDuplicate,
    ReportUnsealed,
    ReportWithdrawn,
)
from shared.contracts.values import Id, Prose, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileReport:
    """Its fields are those of `ReportFiled`."""

    filed: ReportFiled

    @property
    def report_id(self) -> Id:
        return self.filed.report_id


@dataclass(frozen=True, slots=True)
class AnswerReport:
    report_id: Id
    answer: Prose
    now: UtcInstant


OfProcess = AwaitOriginal | SettleDuplicate | RefuseDuplicate | NoteFollower
ReportCommand = FileReport | Settlement | AnswerReport | Protection | WithdrawReport | OfProcess

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


NONE: "HashTrieSet[str]" = HashTrieSet()


@dataclass(frozen=True, slots=True)
class Awaited:
    """Not filed yet; another one is said to repeat it, or checks are its `followers`."""

    is_original: bool = False
    followers: "HashTrieSet[str]" = NONE


@dataclass(frozen=True, slots=True)
class Filed:
    """`settled_by` is what settled it, none while it is open; `last_answer` is a digest;
    `is_original` if another one is said to repeat it, `duplicate` what is said of itself, `refused`
    the originals that it can not be the duplicate of; `followers` are checks that were told that it
    is confidential. Once it is `erased` nobody compares answers.
    """

    place: str
    sector: str
    confidential: bool
    protected: bool
    correspondent: str | None
    settled_by: type | None = None
    last_answer: bytes | None = None
    duplicate: Duplicate | None = None
    is_original: bool = False
    refused: "HashTrieSet[str]" = NONE
    followers: "HashTrieSet[str]" = NONE
    last_unsealed: datetime | None = None
    erased: bool = False
    withdrawn: bool = False
    erase_at: datetime | None = None

    @property
    def kept(self) -> Kept:
        return Kept(self.last_unsealed, self.erase_at, self.erased)


Report = Unknown | Awaited | Filed


class NotFiledError(DomainError):
    pass


class AlreadySettledError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------

Decided = ReportEvent | OriginalAwaited | FollowerNoted | FollowersFound


def decide(command: ReportCommand, report: Report) -> list[Decided]:
    match command, report:
        case FileReport(filed), Unknown() | Awaited():
            return _filed(filed, report)
        case (FileReport(), Filed()) | (AwaitOriginal(), Awaited(True) | Filed(is_original=True)):
            return []  # a repeated command: it is already so
        case AwaitOriginal(awaited), Unknown() | Awaited():
            return [awaited]
        case NoteFollower(), _:
            return _followed(command, report)
        case AwaitOriginal(), Filed():
            return [OriginalFound(**_common(command, report))]
        case _, Unknown() | Awaited():
            raise NotFiledError("No such report was filed before.")
        case (
            AnswerReport()
            | UnsealReport()
            | EraseReport()
            | AnnounceErasure()
            | EraseAsAnnounced()
            | WithdrawReport(),
            Filed(),
        ):
            return _of_what_is_told(command, report)
        case SettleDuplicate() | RefuseDuplicate(), Filed():
            return [*carried_out(command, report.duplicate, _common(command, report))]
        case MarkDuplicate(report_id=own, duplicate_of=original), _ if own == original:
            raise OwnDuplicateError("A report is not its own duplicate.")
        case _, Filed(settled_by=None):
            return _settled(command, report)  # type: ignore[arg-type]
        case _, Filed(settled_by=settled_by) if settled_by is type(command):
            return []
        case _:
            raise AlreadySettledError("The report was settled otherwise before.")


def _filed(filed: ReportFiled, report: Unknown | Awaited) -> list[Decided]:
    """Whoever waits for it is told."""
    if isinstance(report, Unknown):
        return [filed]
    original = [OriginalFound(**_of(filed.report_id, filed))] if report.is_original else []
    followers = report.followers if filed.confidential else NONE
    return [filed, *original, *found(filed.report_id, filed.place, followers)]


def _followed(command: NoteFollower, report: Report) -> list[Decided]:
    if not isinstance(report, Filed):
        return [*waits(command, report.followers if isinstance(report, Awaited) else NONE)]
    is_told = not report.confidential or command.check_id in report.followers
    return [] if is_told else [*found(command.report_id, command.place, [command.check_id])]


def _of_what_is_told(
    command: AnswerReport | Protection | WithdrawReport, report: Filed
) -> list[Decided]:
    if isinstance(command, WithdrawReport):
        return _withdrawn(command, report)
    if not isinstance(command, AnswerReport):
        return [*protected(command, _common(command, report), report.kept)]
    if report.erased:
        raise ErasedError("The words of this report were erased, and no others are kept.")
    return [] if _digest(command.answer) == report.last_answer else [_answered(command, report)]


def _withdrawn(command: WithdrawReport, report: Filed) -> list[Decided]:
    is_public = {"confidential": report.confidential, "protected": report.protected}
    if not withdraws(command, before=report.withdrawn, **is_public):
        return []
    said = {"role": command.role, "reason": command.reason, "withdrawn_at": command.now}
    return [ReportWithdrawn(**_common(command, report), **said)]


def _settled(command: Settlement, report: Filed) -> list[Decided]:
    if isinstance(command, MarkDuplicate) and command.duplicate_of in report.refused:
        return []  # it was looked at before
    common = _common(command, report) | {"protected": report.protected}
    return [settled(command, common, report.correspondent)]


def _common(command: ReportCommand, report: Filed) -> dict[str, Any]:
    return _of(command.report_id, report)


def _of(report_id: str, report: Filed | ReportFiled) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "place": report.place,
        "sector": report.sector,
        "confidential": report.confidential,
    }


def _digest(text: str) -> bytes:
    """Answers are long, and many reports are remembered."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _answered(command: AnswerReport, report: Filed) -> ReportAnswered:
    common = _common(command, report)
    return ReportAnswered(**common, answer=command.answer, answered_at=command.now)


def evolve(report: Report, event: Decided) -> Report:
    match event, report:
        case OriginalAwaited() | FollowerNoted(), Unknown() | Awaited():
            return _awaited(event, Awaited() if isinstance(report, Unknown) else report)
        case FollowersFound(), Filed():
            return replace(report, followers=report.followers.update(event.checks))
        case ReportFiled(), _:
            return Filed(
                event.place,
                event.sector,
                event.confidential,
                event.protected,
                event.correspondent,
            )
        case ReportAnswered(), Filed():
            return replace(report, last_answer=_digest(event.answer))
        case OriginalFound(), Filed():
            return replace(report, is_original=True)
        case ReportUnsealed() | ReportErased() | ErasureAnnounced(), Filed():
            return _protected(event, report)
        case ReportWithdrawn(), Filed():
            return replace(report, withdrawn=True)
        case DuplicateRefused(), Filed():
            refused = report.refused.insert(event.duplicate_of)
            return replace(report, settled_by=None, duplicate=None, refused=refused)
        case ReportEvent(), Filed():
            by = SETTLED_BY[type(event)]
            return replace(report, settled_by=by, duplicate=_said(event))
        case _:
            return report


def _protected(event: ReportUnsealed | ReportErased | ErasureAnnounced, report: Filed) -> Filed:
    match event:
        case ReportUnsealed():
            return replace(report, last_unsealed=event.unsealed_at)
        case ReportErased():
            return replace(report, erased=True, last_answer=None)
        case ErasureAnnounced():
            return replace(report, erase_at=event.erase_at)


def _awaited(event: OriginalAwaited | FollowerNoted, report: Awaited) -> Awaited:
    if isinstance(event, OriginalAwaited):
        return replace(report, is_original=True)
    return replace(report, followers=report.followers.insert(event.check_id))


def _said(event: ReportEvent) -> Duplicate | None:
    match event:
        case DuplicateClaimed():
            return Duplicate(event.duplicate_of, event.claimed_at)
        case ReportMarkedDuplicate():
            return Duplicate(event.duplicate_of, event.marked_at, event.head, event.as_of)
        case _:
            return None


decider = Decider[ReportCommand, Decided, Report](
    initial_state=Unknown(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="report",
    decider=decider,
    commands=(FileReport, ConfirmReport, RefuteReport, MarkDuplicate, CloseReport, AnswerReport),
    inner=(
        AwaitOriginal,
        SettleDuplicate,
        RefuseDuplicate,
        NoteFollower,
        UnsealReport,
        EraseReport,
        AnnounceErasure,
        EraseAsAnnounced,
        WithdrawReport,
    ),
    key="report_id",
    opens=lambda command: isinstance(command, FileReport),
)
