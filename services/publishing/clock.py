"""The gate's part for the clock of a check: paused, resumed, its due date moved, and why."""

from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import clock, public_clock
from shared.contracts.event import Event

TOLD = (
    *(clock.CheckPaused, clock.CheckResumed, clock.DueDateMoved),
    *(clock.MoreTimeAsked, clock.MoreTimeDeclined),
)


def told(event: clock.ClockEvent, public_id: str, zone: tzinfo) -> Event | None:
    """A reason that an editor gave is public at once."""
    by_editor = getattr(event, "role", None) is not None
    is_told = by_editor or (event.passed and getattr(event, "explained", True))
    what: dict[str, Any] = {
        "check": public_id,
        "place": event.place,
        "sector": event.sector,
        "due_on": day(event.due_at, zone),
        "reason": getattr(event, "reason", None) if is_told else None,
    }
    match event:
        case clock.CheckPaused():
            return public_clock.CheckPaused(**what, on=day(event.paused_at, zone))
        case clock.CheckResumed():
            moved = _moved(event, zone) | {"paused_on": day(event.paused_at, zone)}
            return public_clock.CheckResumed(**what, **moved, on=day(event.resumed_at, zone))
        case clock.DueDateMoved():
            moved = _moved(event, zone) | {"why": event.why}
            if event.why == "charter" and not event.passed:
                what["reason"] = None  # it names a rule, which may be for one owner alone
            return public_clock.DueDateMoved(**what, **moved, on=day(event.moved_at, zone))
        case clock.MoreTimeAsked():
            until = day(event.until, zone)
            asked_on = day(event.asked_at, zone)
            return public_clock.MoreTimeAsked(**what, until_on=until, on=asked_on)
        case clock.MoreTimeDeclined():
            return public_clock.MoreTimeDeclined(**what, on=day(event.declined_at, zone))
        case _:
            return None


def _moved(event: clock.CheckResumed | clock.DueDateMoved, zone: tzinfo) -> dict[str, Any]:
    reckoning = event.reckoning if event.passed else None
    return {"old_due_on": day(event.old_due_at, zone), "reckoning": reckoning}
