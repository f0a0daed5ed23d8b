"""What happens to the sealed words of a report: somebody is shown them, or they are erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.report import ReportErased, ReportUnsealed
from shared.contracts.roles import OPENERS, Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class UnsealReport:
    report_id: Id
    role: Role
    reason: Line
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class EraseReport:
    report_id: Id
    reason: Line
    now: UtcInstant


Protection = UnsealReport | EraseReport


class NotForThisRoleError(DomainError):
    pass


class ErasedError(DomainError):
    """Nothing of its words is left, and nothing is added to them."""


def protected(
    command: Protection, common: dict[str, Any], last_unsealed: datetime | None, *, erased: bool
) -> list[ReportUnsealed | ReportErased]:
    match command:
        case EraseReport():
            done = ReportErased(**common, reason=command.reason, erased_at=command.now)
            return [] if erased else [done]
        case UnsealReport() if command.role not in OPENERS:
            raise NotForThisRoleError("This role is not shown what is sealed.")
        case UnsealReport() if erased:
            raise ErasedError("The words of this report were erased.")
        case UnsealReport():
            said = {"role": command.role, "reason": command.reason, "unsealed_at": command.now}
            return [] if command.now == last_unsealed else [ReportUnsealed(**common, **said)]
