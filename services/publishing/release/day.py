"""For which day a release is due, and when the next one is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ReleaseTime:
    """Each day at this time of a zone."""

    at: time
    zone: ZoneInfo

    def day(self, now: datetime) -> date:
        """The newest day whose time has come."""
        local = now.astimezone(self.zone)
        return local.date() if local.time() >= self.at else local.date() - A_DAY

    def after(self, day: date | None, now: datetime) -> datetime:
        """When the next release is due, if that of `day` was the last; without one, at once. Days
        that nobody was there for are released together."""
        if day is None:
            return now
        return self._moment(day + A_DAY)

    def follows(self, now: datetime) -> datetime:
        """The next such moment there is."""
        return self._moment(self.day(now) + A_DAY)

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)
