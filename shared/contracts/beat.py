"""The events of one beat, the charge of a correspondent; only intake writes them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.values import Day, Id, Line, RhythmDays, Sector, SourceCode, Truth


class BeatEvent(Event):
    """`correspondent` is a person by the id that says nothing of them."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "beat"
    key: ClassVar[str] = "beat_id"

    beat_id: Id
    correspondent: Id
    sector: Sector


class BeatAccredited(BeatEvent):
    """From `since` on a report is expected at least every `rhythm_days` days; days are those of
    `zone`, for as long as this accreditation lasts. A later one begins anew."""

    source: SourceCode
    zone: Line
    rhythm_days: RhythmDays
    since: Day


class BeatRested(BeatEvent):
    """From one day through another one, or until it is resumed, days do not count."""

    from_day: Day
    until_day: Day | None = None


class BeatResumed(BeatEvent):
    """Whatever rest there was, this day counts again."""

    resumed_on: Day


class BeatHandedOver(BeatEvent):
    """It has ended, and goes on as a beat of its own of `successor`."""

    successor: Id
    source: SourceCode
    zone: Line
    rhythm_days: RhythmDays
    handed_over_on: Day


class BeatEnded(BeatEvent):
    ended_on: Day


class BeatFellSilent(BeatEvent):
    """Nothing was heard after `heard_on`, and `ran_out_on` was the last day for it."""

    heard_on: Day
    ran_out_on: Day


class BeatHeardAgain(BeatEvent):
    """A report of `heard_on` came; `in_time` where it had been filed before the rhythm ran out, and
    only came later: then it never was silent."""

    heard_on: Day
    in_time: Truth
