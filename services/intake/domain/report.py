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


OfProcess = AwaitOriginal | SettleDuplicate | RefuseDuplicate
ReportCommand = FileReport | Settlement | AnswerReport | Protection | WithdrawReport | OfProcess

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Awaited:
    """Not filed yet; another one is said to repeat it."""


NONE: "HashTrieSet[str]" = HashTrieSet()


@dataclass(frozen=True, slots=True)
class Filed:
    """`settled_by` is what settled it, none while it is open; `last_answer` is a digest;
    `is_original` if another one is said to repeat it, `duplicate` what is said of itself, `refused`
    the originals that it can not be the duplicate of. Once it is `erased` nobody compares answers.
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

Decided = ReportEvent | OriginalAwaited


def decide(command: ReportCommand, report: Report) -> list[Decided]:
    match command, report:
        case FileReport(filed), Unknown():
            return [filed]
        case FileReport(filed), Awaited():
            return [filed, OriginalFound(**_common(command, filed))]
        case (FileReport(), Filed()) | (AwaitOriginal(), Awaited() | Filed(is_original=True)):
            return []  # a repeated command: it is already so
        case AwaitOriginal(awaited), Unknown():
            return [awaited]
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


def _common(command: ReportCommand, report: Filed | ReportFiled) -> dict[str, Any]:
    return {
        "report_id": command.report_id,
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
        case OriginalAwaited(), Unknown():
            return Awaited()
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
        case ReportUnsealed(), Filed():
            return replace(report, last_unsealed=event.unsealed_at)
        case ReportErased(), Filed():
            return replace(report, erased=True, last_answer=None)
        case ErasureAnnounced(), Filed():
            return replace(report, erase_at=event.erase_at)
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
        UnsealReport,
        EraseReport,
        AnnounceErasure,
        EraseAsAnnounced,
        WithdrawReport,
    ),
    key="report_id",
    opens=lambda command: isinstance(command, FileReport),
)
