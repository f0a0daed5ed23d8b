"""What outsiders may see of a check's clock; only publishing writes it."""

from typing import ClassVar

from shared.contracts.clock import MovedFor
from shared.contracts.public import PublicEvent
from shared.contracts.reckoning import Reckoning
from shared.contracts.values import Day, Id, Line, Sector


class PublicClockEvent(PublicEvent):
    """`due_on` is the due day as it is from then on. `reason` is not told before an editor has
    passed the check's words, unless an editor gave it; `reckoning` neither."""

    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    due_on: Day
    on: Day
    reason: Line | None


class CheckPaused(PublicClockEvent):
    pass


class CheckResumed(PublicClockEvent):
    old_due_on: Day
    paused_on: Day
    reckoning: Reckoning | None = None


class DueDateMoved(PublicClockEvent):
    old_due_on: Day
    why: MovedFor
    reckoning: Reckoning | None = None


class MoreTimeAsked(PublicClockEvent):
    until_on: Day


class MoreTimeDeclined(PublicClockEvent):
    pass
