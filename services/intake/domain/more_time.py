"""More time is asked for by whoever owns a commitment, and granted or declined by an editor."""

from dataclasses import dataclass
from typing import Any

from services.intake.domain.clock_state import Standing
from services.intake.domain.due import DueRules
from services.intake.domain.turning import may, not_too_often, runs
from shared.contracts.check import CheckEvent
from shared.contracts.clock import DueDateMoved, MoreTimeAsked, MoreTimeDeclined
from shared.contracts.roles import Role
from shared.contracts.values import Day, Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class AskForMoreTime:
    """Until the end of a day at its place; `names` are others by which its owner is known."""

    check_id: Id
    owner: Line
    until: Day
    reason: Line
    rules: DueRules
    now: UtcInstant
    names: tuple[Line, ...] = ()
    explained: bool = True


@dataclass(frozen=True, slots=True)
class GrantMoreTime:
    """As much as was asked for."""

    check_id: Id
    role: Role
    reason: Line
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class DeclineMoreTime:
    check_id: Id
    role: Role
    reason: Line
    now: UtcInstant


Judged = GrantMoreTime | DeclineMoreTime


class NoMoreTimeError(DomainError):
    pass


class NotTheirsError(DomainError):
    pass


def more_time(
    command: AskForMoreTime | Judged, told: dict[str, Any], check: Standing
) -> list[CheckEvent]:
    asked = check.clock.asked_until
    if isinstance(command, AskForMoreTime):
        if check.owner not in (command.owner, *command.names):
            raise NotTheirsError("Only the owner of a commitment can ask for more time.")
        until = command.rules.on(check.place, command.until).at
        if until == asked:
            return []
        runs(command.now, check)
        if until <= check.due_at:
            raise NoMoreTimeError("That is no later than it is due.")
        not_too_often(check)
        return [
            MoreTimeAsked(
                **told,
                until=until,
                reason=command.reason,
                explained=command.explained,
                asked_at=command.now,
            )
        ]
    may(command.role)
    said = {"role": command.role, "reason": command.reason}
    if asked is None:
        if check.clock.answered:
            return []
        raise NoMoreTimeError("Nobody has asked for more time.")
    if isinstance(command, DeclineMoreTime):
        return [MoreTimeDeclined(**told, **said, declined_at=command.now)]
    runs(command.now, check)
    if asked <= check.due_at:
        raise NoMoreTimeError("It is due later than that by now.")
    moved = told | {"due_at": asked}
    from_to = {"old_due_at": check.due_at, "moved_at": command.now}
    return [DueDateMoved(**moved, **from_to, **said, why="more-time")]
