"""By when a commitment is to be fulfilled where nobody gives a moment: by a rule of the charter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from services.intake.domain.almanac import Almanac
from shared.contracts.place import is_within, of_smallest
from shared.contracts.reckoning import ONE_DAY, Counted, DayOff, Reckoning
from shared.contracts.values import LATEST

LAST_SECOND = time(23, 59, 59)
EVERY_DAY: Counted = "calendar"


IN_UTC = Almanac()


class NoRuleError(Exception):
    """No rule of the charter says by when it is due."""


class TooLateError(Exception):
    """It would be due after all days that there may be."""


@dataclass(frozen=True)
class Rule:
    """For the commitments of `places` and all that lies in them, of `sectors` and `owners`; of all
    where none are named. `version` is written into what follows from it."""

    name: str
    version: int
    days: int
    counted: Counted = "working"
    places: tuple[str, ...] = ()
    sectors: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    def is_for(self, place: str, sector: str, owner: str) -> bool:
        return (
            (not self.places or any(is_within(place, each) for each in self.places))
            and (not self.sectors or sector in self.sectors)
            and (not self.owners or owner.casefold() in self.owners)
        )


@dataclass(frozen=True)
class Due:
    """`reckoning` where a rule was counted by, and not a day given."""

    at: datetime
    reckoning: Reckoning | None = None


@dataclass(frozen=True)
class DueRules:
    """Of rules the first that is for a commitment counts; of almanacs, which are by place, that of
    the smallest place in which it is, or else `common`."""

    rules: Sequence[Rule] = ()
    almanacs: Mapping[str, Almanac] = field(default_factory=dict)
    common: Almanac = IN_UTC

    def almanac(self, place: str) -> Almanac:
        return of_smallest(place, self.almanacs, self.common)

    def on(self, place: str, day: date) -> Due:
        """At the end of that day there. Raises TooLateError."""
        return Due(end_of(day, self.almanac(place)))

    def in_days(self, place: str, made_at: datetime, days: int) -> Due:
        """So many days of the calendar later there. Raises TooLateError."""
        there = made_at.astimezone(self.almanac(place).zone).date()
        return self.on(place, there + timedelta(days=days))

    def after(self, place: str, sector: str, owner: str, made_at: datetime) -> Due:
        """Raises NoRuleError, TooLateError."""
        of_it = (each for each in self.rules if each.is_for(place, sector, owner))
        if (rule := next(of_it, None)) is None:
            raise NoRuleError
        almanac = self.almanac(place)
        reckoning = reckoned(rule, almanac, made_at.astimezone(almanac.zone).date())
        return Due(end_of(reckoning.due_day, almanac), reckoning)


def end_of(day: date, almanac: Almanac) -> datetime:
    """Its last second; of two, where clocks go back at midnight, the later one.

    Raises TooLateError.
    """
    last = datetime.combine(day, LAST_SECOND, almanac.zone).replace(fold=1).astimezone(UTC)
    if last > LATEST:
        raise TooLateError
    return last


def reckoned(rule: Rule, almanac: Almanac, from_day: date) -> Reckoning:
    """Raises TooLateError. Where no days are left to count, the first may be due itself."""
    first = from_day if rule.days else from_day - ONE_DAY
    due_day = _due_day(rule, almanac, first)
    between = list(_days(first, due_day))
    named = ((day, almanac.why_off(day)) for day in between)
    at_weekends = (day for day in between if day.weekday() in almanac.weekend)
    return Reckoning(
        rule=rule.name,
        rule_version=rule.version,
        almanac=almanac.name,
        almanac_version=almanac.version,
        zone=almanac.zone.key,
        counted=rule.counted,
        days=rule.days,
        from_day=from_day,
        due_day=due_day,
        weekend=tuple(sorted(almanac.weekend)),
        off=tuple(DayOff(day=day, why=why) for day, why in named if why),
        worked=tuple(day for day in at_weekends if almanac.why_off(day) is None),
    )


def _due_day(rule: Rule, almanac: Almanac, from_day: date) -> date:
    is_every = rule.counted == EVERY_DAY
    left = rule.days
    for day in _days(from_day, LATEST.date()):
        if left > 0 and (is_every or almanac.why_off(day) is None):
            left -= 1
        if left == 0 and almanac.why_off(day) is None:
            return day
    raise TooLateError


def _days(after: date, until: date) -> Iterator[date]:
    while after < until:
        after += ONE_DAY
        yield after
