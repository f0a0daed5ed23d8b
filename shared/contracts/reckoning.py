"""How a due date follows from a day and a rule; it can be reckoned again from itself alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.values import CODE_PATTERN, Count, Day, Line

ONE_DAY = timedelta(days=1)
MOST_DAYS = 3_660
"""That a rule may count; ten years."""

RuleName = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
AlmanacName = Annotated[str, StringConstraints(pattern="^([a-z0-9][a-z0-9-]*)?$", max_length=60)]
"""Empty for the one that counts where the charter has none."""

Weekday = Annotated[int, Field(strict=True, ge=0, le=6)]
"""Monday is 0."""

Counted = Literal["working", "calendar"]


class DayOff(BaseModel):
    """`why` it is none that is worked, as the almanac calls it."""

    model_config = ConfigDict(frozen=True)

    day: Day
    why: Line


class Reckoning(BaseModel):
    """`from_day`, the day of the commitment in `zone`, counts as none; the last of `days` is
    `due_day`, and it is late once that is over there. Counted are all days, or those that are
    worked by the almanac: none of `weekend`, unless it is in `worked`, and none of `off`. Where all
    are counted and the last is not worked, the next that is takes its place. `off` and `worked` are
    those from `from_day` to `due_day` alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rule: RuleName
    rule_version: Count
    almanac: AlmanacName
    almanac_version: Line
    zone: Line
    counted: Counted
    days: Count
    from_day: Day
    due_day: Day
    weekend: tuple[Weekday, ...]
    off: tuple[DayOff, ...] = ()
    worked: tuple[Day, ...] = ()

    def skipped(self) -> Iterator[tuple[date, str]]:
        """Each day that was not counted, with why; none, where it is of the weekend."""
        off = {each.day: each.why for each in self.off}
        day = self._first_that_may_be_skipped()
        while day <= self.due_day:
            if day in off:
                yield day, off[day]
            elif day.weekday() in self.weekend and day not in self.worked:
                yield day, ""
            day += ONE_DAY

    def holds(self) -> bool:
        """Whether as many days as it says lie between, counted once more."""
        passed = (self.due_day - self.from_day).days
        return passed - sum(1 for _ in self.skipped()) == self.days

    def left_after(self, day: date) -> int:
        """How many of the days were still to come when that day was over."""
        if self.counted == "calendar":
            left = self.days - (day - self.from_day).days
        else:
            skipped = sum(1 for each, _ in self.skipped() if each > day)
            left = (self.due_day - max(day, self.from_day)).days - skipped
        return min(max(left, 0), self.days)

    def _first_that_may_be_skipped(self) -> date:
        counted = self.days if self.counted == "calendar" else 1
        return self.from_day + counted * ONE_DAY
