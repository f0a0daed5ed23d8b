"""The clock of a check since it started last, and what events make of it."""

from dataclasses import dataclass, replace
from datetime import datetime

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
from shared.contracts.reckoning import Reckoning


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
