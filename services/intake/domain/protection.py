"""What happens to the sealed words of a report: somebody is shown them, or they are erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.report import ErasureAnnounced, ReportErased, ReportUnsealed
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


@dataclass(frozen=True, slots=True)
class AnnounceErasure:
    """`until` is when its words have been kept for long enough."""

    report_id: Id
    until: UtcInstant
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class EraseAsAnnounced:
    report_id: Id
    now: UtcInstant


Protection = UnsealReport | EraseReport | AnnounceErasure | EraseAsAnnounced

RETENTION = "retention"
"""The reason of an erasure that the charter asks for."""


class NotForThisRoleError(DomainError):
    pass


class ErasedError(DomainError):
    """Nothing of its words is left, and nothing is added to them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a later decision about its words needs."""

    last_unsealed: datetime | None = None
    erase_at: datetime | None = None
    erased: bool = False


def protected(
    command: Protection, common: dict[str, Any], kept: Kept
) -> list[ReportUnsealed | ReportErased | ErasureAnnounced]:
    erased = kept.erased
    match command:
        case EraseReport() | EraseAsAnnounced() | AnnounceErasure() if erased:
            return []
        case EraseReport():
            return [ReportErased(**common, reason=command.reason, erased_at=command.now)]
        case AnnounceErasure():
            at = {"erase_at": command.until, "announced_at": command.now}
            return [ErasureAnnounced(**common, **at)] if command.until != kept.erase_at else []
        case EraseAsAnnounced():
            done = ReportErased(**common, reason=RETENTION, erased_at=command.now)
            return [done] if is_time(kept.erase_at, command.now) else []
        case UnsealReport() if command.role not in OPENERS:
            raise NotForThisRoleError("This role is not shown what is sealed.")
        case UnsealReport() if erased:
            raise ErasedError("The words of this report were erased.")
        case UnsealReport():
            said = {"role": command.role, "reason": command.reason, "unsealed_at": command.now}
            again = command.now == kept.last_unsealed
            return [] if again else [ReportUnsealed(**common, **said)]


def is_time(erase_at: datetime | None, now: datetime) -> bool:
    """Nothing is erased in time that was not announced."""
    return erase_at is not None and now >= erase_at
