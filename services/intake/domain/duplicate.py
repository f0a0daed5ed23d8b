"""A report that repeats another: said so, then marked with the head of its chain, or refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.report import (
    DuplicateParted,
    DuplicateRefused,
    OriginalAwaited,
    ReportMarkedDuplicate,
)
from shared.contracts.values import Id, Prose, Sequence, UtcInstant
from shared.eventsourcing.errors import DomainError

# --- Commands: the first two are people's, the process `duplicates` gives the others ---------


@dataclass(frozen=True, slots=True)
class MarkDuplicate:
    report_id: Id
    duplicate_of: Id
    now: UtcInstant
    reason: Prose = ""


@dataclass(frozen=True, slots=True)
class PartDuplicate:
    report_id: Id
    reason: Prose
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class AwaitOriginal:
    """Its fields are those of `OriginalAwaited`, for nothing may be known of the report itself."""

    awaited: OriginalAwaited

    @property
    def report_id(self) -> Id:
        return self.awaited.report_id


@dataclass(frozen=True, slots=True)
class SettleDuplicate:
    report_id: Id
    duplicate_of: Id
    claimed_at: UtcInstant
    head: Id
    as_of: Sequence


@dataclass(frozen=True, slots=True)
class RefuseDuplicate:
    report_id: Id
    duplicate_of: Id
    claimed_at: UtcInstant
    reason: Prose


# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Duplicate:
    """What is said: `original` and `claimed_at`; and what came of it so far."""

    original: str
    claimed_at: datetime
    head: str | None = None
    as_of: int = 0

    def is_meant(self, command: SettleDuplicate | RefuseDuplicate) -> bool:
        """What is asked about an earlier claim is not about this one."""
        return (self.original, self.claimed_at) == (command.duplicate_of, command.claimed_at)


class OwnDuplicateError(DomainError):
    pass


class OtherDuplicateError(DomainError):
    pass


class NoDuplicateError(DomainError):
    pass


# --- Decide ---------------------------------------------------------------


def parted(
    command: PartDuplicate,
    duplicate: Duplicate | None,
    common: dict[str, Any],
    reopened_at: datetime | None,
) -> list[DuplicateParted]:
    if duplicate is None:
        if reopened_at is not None and command.now <= reopened_at:
            return []  # a repeated command: it is already so
        raise NoDuplicateError("The report repeats no other.")
    said = {"parted_at": command.now, "reason": command.reason}
    return [DuplicateParted(**common, duplicate_of=duplicate.original, **said)]


def carried_out(
    command: SettleDuplicate | RefuseDuplicate, duplicate: Duplicate | None, common: dict[str, Any]
) -> list[DuplicateRefused | ReportMarkedDuplicate]:
    """`common` are the fields that all of a report's events share."""
    if duplicate is None or not duplicate.is_meant(command):
        return []
    original, claimed_at = duplicate.original, duplicate.claimed_at
    match command:
        case RefuseDuplicate():
            return [
                DuplicateRefused(
                    **common, duplicate_of=original, claimed_at=claimed_at, reason=command.reason
                )
            ]
        case SettleDuplicate() if command.as_of > duplicate.as_of:
            return [
                ReportMarkedDuplicate(
                    **common,
                    duplicate_of=original,
                    marked_at=claimed_at,
                    head=command.head,
                    as_of=command.as_of,
                )
            ]
        case SettleDuplicate():
            return []  # a newer head is known
