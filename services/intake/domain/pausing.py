"""The clock of a check stands while the other side is waited for, and runs on."""

from dataclasses import dataclass
from typing import Any

from services.intake.domain.clock_state import Standing
from services.intake.domain.due import DueRules
from services.intake.domain.moving import moved_by_what_was_waited
from services.intake.domain.turning import NotRunningError, may, not_too_often, runs
from shared.contracts.check import CheckEvent
from shared.contracts.clock import CheckPaused, CheckResumed
from shared.contracts.roles import Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class PauseCheck:
    """`role` is of the staff; none where its source says so. The reason is `explained` where it may
    be public without an editor."""

    check_id: Id
    paused_at: UtcInstant
    reason: Line
    now: UtcInstant
    role: Role | None = None
    explained: bool = True


@dataclass(frozen=True, slots=True)
class ResumeCheck:
    check_id: Id
    resumed_at: UtcInstant
    reason: Line
    rules: DueRules
    now: UtcInstant
    role: Role | None = None
    explained: bool = True


class NeverPausedError(DomainError):
    pass


def paused(command: PauseCheck, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    """Not from before the clock started, and not from what is still to come."""
    may(command.role)
    if check.clock.paused_at:
        return []
    runs(command.now, check)
    not_too_often(check)
    at = max(min(command.paused_at, command.now), check.clock.counted_from)
    said: dict[str, Any] = {"reason": command.reason, "role": command.role}
    said |= {"explained": command.explained}
    return [CheckPaused(**told, paused_at=at, **said)]


def resumed(command: ResumeCheck, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    may(command.role)
    clock = check.clock
    if (paused_at := clock.paused_at) is None:
        if clock.resumed:
            return []
        raise NeverPausedError("It is not paused: its clock runs.")
    if check.done:
        raise NotRunningError("It is claimed done already.")
    at = max(min(command.resumed_at, command.now), paused_at)
    due = moved_by_what_was_waited(
        check.due_at, clock.reckoning, paused_at, at, command.rules.almanac(check.place)
    )
    said: dict[str, Any] = {"reason": command.reason, "role": command.role}
    said |= {"reckoning": due.reckoning, "explained": command.explained}
    moments = {"old_due_at": check.due_at, "paused_at": paused_at, "resumed_at": at}
    return [CheckResumed(**told | {"due_at": due.at}, **moments, **said)]
