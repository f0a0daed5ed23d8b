"""What settles a report: it is confirmed, refuted, closed, or said to repeat another one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.duplicate import MarkDuplicate
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateRefused,
    ReportClosed,
    ReportConfirmed,
    ReportEvent,
    ReportMarkedDuplicate,
    ReportRefuted,
)
from shared.contracts.values import Id, Prose, UtcInstant


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
class CloseReport:
    report_id: Id
    reason: Prose
    now: UtcInstant


Settlement = ConfirmReport | RefuteReport | MarkDuplicate | CloseReport

SETTLED_BY: dict[type[ReportEvent], type[Settlement] | None] = {
    ReportConfirmed: ConfirmReport,
    ReportRefuted: RefuteReport,
    ReportClosed: CloseReport,
    DuplicateClaimed: MarkDuplicate,
    ReportMarkedDuplicate: MarkDuplicate,
    DuplicateRefused: None,
}
"""By which command a report is settled after an event, if by any."""


def settled_at(event: ReportEvent) -> datetime | None:
    match event:
        case ReportConfirmed(confirmed_at=at) | ReportRefuted(refuted_at=at):
            return at
        case ReportClosed(closed_at=at) | DuplicateClaimed(claimed_at=at):
            return at
        case ReportMarkedDuplicate(marked_at=at):
            return at
        case _:
            return None


def says_less(command: Settlement, by: type, at: datetime | None) -> bool:
    """That it is closed leaves open why, and confirms no less what came of it: so who says either
    of the same day, late or by the day alone, contradicts nothing that is known."""
    is_closed = CloseReport in (type(command), by) and ConfirmReport in (type(command), by)
    return is_closed and at is not None and command.now <= at and command.now.date() == at.date()


def settled(
    command: Settlement, common: dict[str, Any], correspondent: str | None
) -> ReportConfirmed | ReportRefuted | ReportClosed | DuplicateClaimed:
    """`common` are the fields that all of a report's events share."""
    who = {"correspondent": correspondent}
    match command:
        case ConfirmReport():
            return ReportConfirmed(**common, **who, confirmed_at=command.now, reason=command.reason)
        case RefuteReport():
            return ReportRefuted(**common, **who, refuted_at=command.now, reason=command.reason)
        case CloseReport():
            return ReportClosed(**common, closed_at=command.now, reason=command.reason)
        case MarkDuplicate():
            original = command.duplicate_of
            said = {"claimed_at": command.now, "reason": command.reason}
            return DuplicateClaimed(**common, duplicate_of=original, **said)
