"""The clock of a check: reminded, passed up, paused and resumed, and its due date moved."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.intake.domain.due import DueRules
from services.intake.domain.moving import moved_by_what_was_waited, recounted
from shared.contracts.check import CheckEvent, CheckOpened, CheckOverdue
from shared.contracts.clock import (
    CheckPaused,
    CheckReminded,
    CheckResumed,
    DueDateMoved,
    MoreTimeAsked,
    MoreTimeDeclined,
)
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.reckoning import Reckoning
from shared.contracts.roles import Role
from shared.contracts.values import Day, Id, Line, Tier, UtcInstant
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RemindOfCheck:
    """Sent by the sweep, as `PassUp`: both decide again from the check itself."""

    check_id: Id
    due_at: UtcInstant
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class PassUp:
    """It is as late as that it goes `to` somebody above, since `over_since`. With `parties` it goes
    to the unit above its owner, the next tier to the one above that, as far as there are some."""

    check_id: Id
    due_at: UtcInstant
    tier: Tier
    to: Line
    over_since: UtcInstant
    now: UtcInstant
    parties: Parties = NO_PARTIES


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


@dataclass(frozen=True, slots=True)
class RecountDue:
    """The charter has other rules or almanacs than when it was counted."""

    check_id: Id
    rules: DueRules
    now: UtcInstant


Swept = RemindOfCheck | PassUp
Judged = GrantMoreTime | DeclineMoreTime
Asked = PauseCheck | ResumeCheck | AskForMoreTime | Judged
ClockCommand = Swept | Asked | RecountDue
COMMANDS = (
    *(RemindOfCheck, PassUp, PauseCheck, ResumeCheck),
    *(AskForMoreTime, GrantMoreTime, DeclineMoreTime, RecountDue),
)

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
    """Since it started last: `tier` is the highest that was raised, also where that was taken back
    and is raised again. Counted is from `counted_from`, by `reckoning` if a rule says so. `turns`
    are all that it was paused and time was asked for."""

    counted_from: datetime
    reckoning: Reckoning | None = None
    tier: int = 0
    reminded: bool = False
    paused_at: datetime | None = None
    resumed: bool = False
    asked_until: datetime | None = None
    answered: bool = False
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a check, as far as its clock asks for it."""

    place: str
    sector: str
    owner: str
    task: str
    due_at: datetime
    done: bool
    clock: Clock


class NotRunningError(DomainError):
    pass


class AlreadyLateError(DomainError):
    pass


class NeverPausedError(DomainError):
    pass


class NoMoreTimeError(DomainError):
    pass


class NotAnEditorsActError(DomainError):
    pass


class NotTheirsError(DomainError):
    pass


class TurnedTooOftenError(DomainError):
    pass


MOST_TURNS = 50
"""Each stands on the check's page for good, and anybody reads it."""
GRANTERS: frozenset[Role] = frozenset(("editor",))
"""The roles that may move a due date, pause and resume."""

# --- Decide and evolve ----------------------------------------------------


def turned(command: ClockCommand, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    """`told` are the fields that all of its events have."""
    match command:
        case RemindOfCheck() | PassUp():
            return _swept(command, told, check)
        case RecountDue():
            return _recounted(command, told, check)
        case ResumeCheck():
            return _resumed(command, told, check)
        case PauseCheck():
            return _paused(command, told, check)
        case AskForMoreTime() | GrantMoreTime() | DeclineMoreTime():
            return _more_time(command, told, check)


def _swept(command: Swept, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    clock = check.clock
    if check.done or clock.paused_at or command.due_at != check.due_at:
        return []
    if isinstance(command, RemindOfCheck):
        if clock.reminded or clock.tier or command.now > check.due_at:
            return []
        return [CheckReminded(**told, reminded_at=command.now)]
    is_next = 0 < clock.tier == command.tier - 1
    if not is_next or not check.due_at < command.over_since < command.now:
        return []
    above = command.parties.units(check.owner)[command.tier - 1 :]
    to = above[0].name if above else command.to
    up = {"tier": command.tier, "to": to, "over_since": command.over_since}
    return [CheckOverdue(**told, task=check.task, **up)]


def _paused(command: PauseCheck, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    """Not from before the clock started, and not from what is still to come."""
    _may(command)
    if check.clock.paused_at:
        return []
    _runs(command.now, check)
    _not_too_often(check)
    at = max(min(command.paused_at, command.now), check.clock.counted_from)
    said: dict[str, Any] = {"reason": command.reason, "role": command.role}
    said |= {"explained": command.explained}
    return [CheckPaused(**told, paused_at=at, **said)]


def _resumed(command: ResumeCheck, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    _may(command)
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


def _more_time(
    command: AskForMoreTime | Judged, told: dict[str, Any], check: Standing
) -> list[CheckEvent]:
    asked = check.clock.asked_until
    if isinstance(command, AskForMoreTime):
        if check.owner not in (command.owner, *command.names):
            raise NotTheirsError("Only the owner of a commitment can ask for more time.")
        until = command.rules.on(check.place, command.until).at
        if until == asked:
            return []
        _runs(command.now, check)
        if until <= check.due_at:
            raise NoMoreTimeError("That is no later than it is due.")
        _not_too_often(check)
        return [
            MoreTimeAsked(
                **told,
                until=until,
                reason=command.reason,
                explained=command.explained,
                asked_at=command.now,
            )
        ]
    _may(command)
    said = {"role": command.role, "reason": command.reason}
    if asked is None:
        if check.clock.answered:
            return []
        raise NoMoreTimeError("Nobody has asked for more time.")
    if isinstance(command, DeclineMoreTime):
        return [MoreTimeDeclined(**told, **said, declined_at=command.now)]
    _runs(command.now, check)
    if asked <= check.due_at:
        raise NoMoreTimeError("It is due later than that by now.")
    moved = told | {"due_at": asked}
    from_to = {"old_due_at": check.due_at, "moved_at": command.now}
    return [DueDateMoved(**moved, **from_to, **said, why="more-time")]


def _recounted(command: RecountDue, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    """Nobody is late by a recount: a due date that would have passed by now stays as it is."""
    clock = check.clock
    if not _is_running(command.now, check) or clock.reckoning is None:
        return []
    about = check.place, check.sector, check.owner
    due = recounted(clock.reckoning, clock.counted_from, command.rules, about, anew=clock.resumed)
    if due is None or due.reckoning is None or due.at == check.due_at or due.at <= command.now:
        return []
    told = told | {"due_at": due.at}
    from_to = {"old_due_at": check.due_at, "moved_at": command.now}
    said = {"why": "charter", "reason": due.why, "reckoning": due.reckoning}
    return [DueDateMoved(**told, **from_to, **said)]


def _may(command: PauseCheck | ResumeCheck | Judged) -> None:
    if command.role is not None and command.role not in GRANTERS:
        raise NotAnEditorsActError("Only editors stop a clock, or give more time.")


def _not_too_often(check: Standing) -> None:
    if check.clock.turns >= MOST_TURNS:
        raise TurnedTooOftenError(f"Its clock was turned {MOST_TURNS} times; that is enough.")


def _is_running(now: datetime, check: Standing) -> bool:
    clock = check.clock
    return not (check.done or clock.tier or clock.paused_at or now > check.due_at)


def _runs(now: datetime, check: Standing) -> None:
    if check.done:
        raise NotRunningError("It is claimed done already.")
    if check.clock.tier or (not check.clock.paused_at and now > check.due_at):
        raise AlreadyLateError("Its due date has passed: what is late stays late.")
    if check.clock.paused_at:
        raise NotRunningError("Its clock is paused; it has to be resumed first.")


def started(event: CheckOpened) -> Clock:
    return Clock(event.opened_at, event.reckoning)


def ticked(clock: Clock, event: CheckEvent) -> Clock:
    match event:
        case CheckOverdue():
            return replace(clock, tier=max(clock.tier, event.tier))
        case CheckReminded():
            return replace(clock, reminded=True)
        case CheckPaused():
            return replace(clock, paused_at=event.paused_at, turns=clock.turns + 1)
        case CheckResumed():
            resumed = Clock(event.resumed_at, event.reckoning, resumed=True, turns=clock.turns)
            return replace(resumed, asked_until=clock.asked_until, answered=clock.answered)
        case DueDateMoved():
            anew = replace(
                Clock(clock.counted_from, event.reckoning),
                resumed=clock.resumed,
                turns=clock.turns,
            )
            if event.why == "more-time":
                return replace(anew, answered=True)
            return replace(anew, asked_until=clock.asked_until, answered=clock.answered)
        case MoreTimeAsked():
            turns = clock.turns + 1
            return replace(clock, asked_until=event.until, answered=False, turns=turns)
        case CheckHandedOver() if clock.asked_until:
            return replace(clock, asked_until=None)  # who has it now has not asked
        case MoreTimeDeclined():
            return replace(clock, asked_until=None, answered=True)
        case _:
            return clock
