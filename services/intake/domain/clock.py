"""The clock of a check: reminded, passed up, paused and resumed, and its due date moved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.clock_state import Standing
from services.intake.domain.due import DueRules
from services.intake.domain.more_time import (
    AskForMoreTime,
    DeclineMoreTime,
    GrantMoreTime,
    Judged,
    more_time,
)
from services.intake.domain.moving import recounted
from services.intake.domain.pausing import PauseCheck, ResumeCheck, paused, resumed
from shared.contracts.check import CheckEvent, CheckOverdue
from shared.contracts.clock import CheckReminded, DueDateMoved
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.values import Id, Line, Tier, UtcInstant

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
class RecountDue:
    """The charter has other rules or almanacs than when it was counted."""

    check_id: Id
    rules: DueRules
    now: UtcInstant


Swept = RemindOfCheck | PassUp
Asked = PauseCheck | ResumeCheck | AskForMoreTime | Judged
ClockCommand = Swept | Asked | RecountDue
COMMANDS = (
    *(RemindOfCheck, PassUp, PauseCheck, ResumeCheck),
    *(AskForMoreTime, GrantMoreTime, DeclineMoreTime, RecountDue),
)

# --- State ----------------------------------------------------------------


# --- Decide and evolve ----------------------------------------------------


def turned(command: ClockCommand, told: dict[str, Any], check: Standing) -> list[CheckEvent]:
    """`told` are the fields that all of its events have."""
    match command:
        case RemindOfCheck() | PassUp():
            return _swept(command, told, check)
        case RecountDue():
            return _recounted(command, told, check)
        case ResumeCheck():
            return resumed(command, told, check)
        case PauseCheck():
            return paused(command, told, check)
        case AskForMoreTime() | GrantMoreTime() | DeclineMoreTime():
            return more_time(command, told, check)


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


def _is_running(now: datetime, check: Standing) -> bool:
    clock = check.clock
    return not (check.done or clock.tier or clock.paused_at or now > check.due_at)
