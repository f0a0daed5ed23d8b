"""The course of a report beside its outcome: seen by others too, half fixed, opened once more."""

from dataclasses import dataclass
from typing import Any

from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.report_state import AlreadySettledError, Filed
from shared.contracts.report import ReportCorroborated, ReportHalfFixed, ReportReopened
from shared.contracts.values import Id, Prose, SourceCode, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class CorroborateReport:
    """`by` has seen it, too. Of who is not `known` nobody can tell whether they said so before.
    `source` named them, unless they have signed in."""

    report_id: Id
    by: Id
    source: SourceCode | None
    now: UtcInstant
    known: bool = True


@dataclass(frozen=True, slots=True)
class HalfFixReport:
    report_id: Id
    reason: Prose
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class ReopenReport:
    """`told` late perhaps: then it takes back nothing that was decided after it. Who decides here
    and now has seen what is taken back, whatever clock it was decided by."""

    report_id: Id
    reason: Prose
    now: UtcInstant
    told: bool = False


Course = CorroborateReport | HalfFixReport | ReopenReport

MOST_WITNESSES, MOST_STRANGERS = 1_000, 100
"""So many are enough for anybody. Strangers are counted apart: whoever says it over and over takes
nobody's place who is known."""


class OwnReportError(DomainError):
    pass


class EnoughError(DomainError):
    pass


class NoReasonError(DomainError):
    pass


class ReopenedSinceError(DomainError):
    pass


class DecidedSinceError(DomainError):
    pass


class RepeatsAnotherError(DomainError):
    pass


def went_on(
    command: Course, common: dict[str, Any], report: Filed
) -> list[ReportCorroborated | ReportHalfFixed | ReportReopened]:
    """`common` are the fields that all of a report's events share. What was withdrawn is not talked
    about in public any more."""
    common = common | {"protected": report.protected or report.withdrawn}
    match command:
        case CorroborateReport():
            return _corroborated(command, common, report)
        case HalfFixReport():
            require_newer(command.now, report)
            if report.settled_by is not None:
                raise AlreadySettledError("The report is settled: it is to be reopened first.")
            half = {"half_fixed_at": command.now, "reason": command.reason}
            return [] if report.half_fixed else [ReportHalfFixed(**common, **half)]
        case ReopenReport():
            return _reopened(command, common, report)


def require_newer(now: UtcInstant, report: Filed) -> None:
    """Raises ReopenedSinceError: what was decided before somebody reopened it is over."""
    if report.reopened_at is not None and now < report.reopened_at:
        raise ReopenedSinceError("The report was reopened after that.")


def _corroborated(
    command: CorroborateReport, common: dict[str, Any], report: Filed
) -> list[ReportCorroborated | ReportHalfFixed | ReportReopened]:
    if command.by == report.correspondent:
        raise OwnReportError("Nobody corroborates their own report.")
    if command.by in report.witnesses:
        return []
    known = len(report.witnesses) - report.strangers
    if known >= MOST_WITNESSES if command.known else report.strangers >= MOST_STRANGERS:
        raise EnoughError("As many have said so as are counted.")
    who = {"by": command.by, "known": command.known, "source": command.source}
    return [ReportCorroborated(**common, **who, seen_at=command.now)]


def _reopened(
    command: ReopenReport, common: dict[str, Any], report: Filed
) -> list[ReportCorroborated | ReportHalfFixed | ReportReopened]:
    if not command.reason.strip():
        raise NoReasonError("Say why it is reopened.")
    if report.settled_by is MarkDuplicate:
        raise RepeatsAnotherError("It repeats another report, which is the one to be reopened.")
    is_open = report.settled_by is None and not report.half_fixed
    is_old = report.reopened_at is not None and command.now <= report.reopened_at
    if is_open or is_old:
        return []
    if command.told and report.settled_at is not None and command.now < report.settled_at:
        raise DecidedSinceError("What came of the report was decided after that.")
    said = {"reopened_at": command.now, "reason": command.reason}
    return [ReportReopened(**common, **said, correspondent=report.correspondent)]
