"""A report: filed, then confirmed, refuted, marked a duplicate or closed; answered at any time."""

from dataclasses import dataclass, replace
from typing import Any

from shared.contracts.report import (
    ReportAnswered,
    ReportClosed,
    ReportConfirmed,
    ReportEvent,
    ReportFiled,
    ReportMarkedDuplicate,
    ReportRefuted,
)
from shared.contracts.values import (
    Id,
    Place,
    Prose,
    Sector,
    SourceCode,
    SourceId,
    Truth,
    UtcInstant,
)
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileReport:
    report_id: Id
    source: SourceCode
    source_id: SourceId
    correspondent: Id | None
    place: Place
    sector: Sector
    text: Prose
    confidential: Truth
    filed_at: UtcInstant


@dataclass(frozen=True, slots=True)
class ConfirmReport:
    report_id: Id
    reason: Prose
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class RefuteReport:
    report_id: Id
    reason: Prose
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    report_id: Id
    duplicate_of: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class CloseReport:
    report_id: Id
    reason: Prose
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class AnswerReport:
    report_id: Id
    answer: Prose
    now: UtcInstant


Settlement = ConfirmReport | RefuteReport | MarkDuplicate | CloseReport
ReportCommand = FileReport | Settlement | AnswerReport

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Filed:
    """`settled_by` is the command that settled it, none while it is open."""

    place: str
    sector: str
    confidential: bool
    correspondent: str | None
    settled_by: type | None = None
    last_answer: str | None = None


Report = Unknown | Filed


class NotFiledError(DomainError):
    pass


class AlreadySettledError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: ReportCommand, report: Report) -> list[ReportEvent]:
    match command, report:
        case FileReport(), Unknown():
            return [_filed(command)]
        case FileReport(), Filed():
            return []  # a repeated command: it is already so
        case _, Unknown():
            raise NotFiledError("No such report was filed before.")
        case AnswerReport(), Filed():
            return [] if command.answer == report.last_answer else [_answered(command, report)]
        case _, Filed(settled_by=None):
            return [_settled(command, report)]  # type: ignore[arg-type]
        case _, Filed(settled_by=settled_by) if settled_by is type(command):
            return []
        case _:
            raise AlreadySettledError("The report was settled otherwise before.")


def _filed(command: FileReport) -> ReportFiled:
    return ReportFiled(
        report_id=command.report_id,
        source=command.source,
        source_id=command.source_id,
        correspondent=command.correspondent,
        place=command.place,
        sector=command.sector,
        text=command.text,
        confidential=command.confidential,
        filed_at=command.filed_at,
    )


def _answered(command: AnswerReport, report: Filed) -> ReportAnswered:
    return ReportAnswered(
        report_id=command.report_id,
        place=report.place,
        sector=report.sector,
        confidential=report.confidential,
        answer=command.answer,
        answered_at=command.now,
    )


def _settled(command: Settlement, report: Filed) -> ReportEvent:
    common: dict[str, Any] = {
        "report_id": command.report_id,
        "place": report.place,
        "sector": report.sector,
        "confidential": report.confidential,
    }
    who = {"correspondent": report.correspondent}
    match command:
        case ConfirmReport():
            return ReportConfirmed(**common, **who, confirmed_at=command.now, reason=command.reason)
        case RefuteReport():
            return ReportRefuted(**common, **who, refuted_at=command.now, reason=command.reason)
        case MarkDuplicate():
            return ReportMarkedDuplicate(
                **common, duplicate_of=command.duplicate_of, marked_at=command.now
            )
        case CloseReport():
            return ReportClosed(**common, closed_at=command.now, reason=command.reason)


SETTLED_BY: dict[type[ReportEvent], type] = {
    ReportConfirmed: ConfirmReport,
    ReportRefuted: RefuteReport,
    ReportMarkedDuplicate: MarkDuplicate,
    ReportClosed: CloseReport,
}


def evolve(report: Report, event: ReportEvent) -> Report:
    match event, report:
        case ReportFiled(), _:
            return Filed(event.place, event.sector, event.confidential, event.correspondent)
        case ReportAnswered(), Filed():
            return replace(report, last_answer=event.answer)
        case _, Filed():
            return replace(report, settled_by=SETTLED_BY[type(event)])
        case _:
            return report


decider = Decider[ReportCommand, ReportEvent, Report](
    initial_state=Unknown(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="report",
    decider=decider,
    commands=(FileReport, ConfirmReport, RefuteReport, MarkDuplicate, CloseReport, AnswerReport),
    key="report_id",
    opens=lambda command: isinstance(command, FileReport),
)
