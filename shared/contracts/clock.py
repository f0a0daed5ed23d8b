"""The events of a check's clock: reminded, paused, resumed, moved; only intake writes them."""

from typing import ClassVar, Literal

from shared.contracts.check import LaterCheckEvent, ToldCheckEvent
from shared.contracts.reckoning import Reckoning
from shared.contracts.roles import Role
from shared.contracts.values import Instant, Line, Truth

MovedFor = Literal["charter", "more-time"]
"""Why a due date moves: the charter has another rule or almanac, or who owns it asked for it."""


class ClockEvent(ToldCheckEvent, LaterCheckEvent):
    """`due_at` is the due date as it is from then on. `reason` is public once the check's words may
    be and where it is `explained` to everybody by whoever needs no editor for it; and at once where
    an editor gave it, whose `role` is named."""

    version: ClassVar[int] = 1


class CheckReminded(ClockEvent):
    """It is due soon: told to the owner and the body's people, and not public."""

    reminded_at: Instant


class CheckPaused(ClockEvent):
    """The owner waits for somebody else, with effect from `paused_at`: the clock stands."""

    paused_at: Instant
    reason: Line
    role: Role | None = None
    explained: Truth = True


class CheckResumed(ClockEvent):
    """The clock runs again, and starts anew. What was left of the rule's days when it was paused is
    counted from `resumed_at`, by `reckoning`; where no rule was counted by, `due_at` is later by
    what was waited."""

    old_due_at: Instant
    paused_at: Instant
    resumed_at: Instant
    reason: Line
    role: Role | None = None
    explained: Truth = True
    reckoning: Reckoning | None = None


class DueDateMoved(ClockEvent):
    """The clock starts anew. `reckoning` is by what it was counted, if it was."""

    old_due_at: Instant
    why: MovedFor
    reason: Line
    role: Role | None = None
    reckoning: Reckoning | None = None
    moved_at: Instant


class MoreTimeAsked(ClockEvent):
    """Whoever owns it asks for time until `until`. Nothing moves before an editor grants it."""

    until: Instant
    reason: Line
    asked_at: Instant
    explained: Truth = True


class MoreTimeDeclined(ClockEvent):
    role: Role
    reason: Line
    declined_at: Instant
