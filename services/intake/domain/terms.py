"""How long before a due day the owner is reminded, and how long after it goes further up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.intake.domain.almanac import Almanac
from services.intake.domain.due import EVERY_DAY, TooLateError, end_of
from shared.contracts.reckoning import ONE_DAY, Counted
from shared.contracts.values import LATEST


@dataclass(frozen=True)
class Reminder:
    """On the day with which no more than `days` are left."""

    days: int
    counted: Counted = "working"

    def last_due_day(self, almanac: Almanac, now: datetime) -> date:
        """All that is due by then is to be reminded of now."""
        today = _day(almanac, now)
        return _stepped(almanac, today, self.days + 1, self.counted, ONE_DAY) - ONE_DAY

    def moment(self, almanac: Almanac, due_at: datetime) -> datetime:
        """With which the day begins."""
        due_day = _day(almanac, due_at)
        day = _first_with(almanac, due_day, self.days, self.counted)
        return end_of(day - ONE_DAY, almanac)


@dataclass(frozen=True)
class Further:
    """The tier that begins once so many days are over after the due day; it goes `to` somebody who
    is `named`, or else to them where the charter knows no unit above the owner."""

    tier: int
    days: int
    to: str
    counted: Counted = "working"
    named: bool = True

    def last_due_day(self, almanac: Almanac, now: datetime) -> date:
        """All that was due by then is in this tier now."""
        today = _day(almanac, now)
        return _stepped(almanac, today, self.days, self.counted, -ONE_DAY) - ONE_DAY

    def moment(self, almanac: Almanac, due_at: datetime) -> datetime:
        """The last second before it. Raises TooLateError."""
        last = _stepped(almanac, _day(almanac, due_at), self.days, self.counted, ONE_DAY)
        return end_of(last, almanac)


Term = Reminder | Further


def _day(almanac: Almanac, moment: datetime) -> date:
    return moment.astimezone(almanac.zone).date()


def _stepped(almanac: Almanac, day: date, days: int, counted: Counted, step: timedelta) -> date:
    """The last of so many days that count, of those after a day, or before it."""
    while days:
        if day >= LATEST.date():
            raise TooLateError
        day += step
        if counted == EVERY_DAY or almanac.why_off(day) is None:
            days -= 1
    return day


def _first_with(almanac: Almanac, due_day: date, days: int, counted: Counted) -> date:
    """The first day after which at most so many that count come until the due day."""
    day = due_day
    while True:
        if counted == EVERY_DAY or almanac.why_off(day) is None:
            if days == 0:
                return day
            days -= 1
        day -= ONE_DAY
