"""When an issue falls due: on the charter's weekday, unless there is one up to that day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from services.publishing.domain.bulletin import CallBulletin
from services.publishing.newsroom.bulletins import A_DAY, A_WEEK, TERM, bulletin_id_of
from services.publishing.projections import issues
from shared.contracts.bulletin import BulletinCalled
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.timers.calendar import Due, Timers
from shared.runtime.charter_bulletins import BulletinsTold


@dataclass
class BulletinDays:
    """The days before the last one of the charter are one issue, however many weeks they are: who
    was away for a month catches up with one."""

    engine: Engine
    told: BulletinsTold
    zone: ZoneInfo
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        return issues.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((TERM,))

    async def position(self) -> int:
        return await ask_in(self.engine, issues.reached)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        day = self.told.last_before(now, self.zone)
        if after is not None or day is None:
            return []
        last = await ask_in(self.engine, issues.last_day)
        if last is not None and last >= day - A_DAY:
            return []
        number = await ask_in(self.engine, issues.last_number) + 1
        thing = bulletin_id_of(number)
        self.numbers[thing] = number
        return [Due(self.told.moment_of(day, self.zone), thing, TERM)]

    async def next(self, since: datetime) -> datetime | None:
        day = self.told.last_before(since, self.zone)
        return self.told.moment_of(day + A_WEEK, self.zone) if day else None

    def call(self, due: Due, now: datetime) -> CallBulletin:
        """Of an issue of that number that is there already nothing comes."""
        called = BulletinCalled(
            bulletin_id=due.thing,
            place=self.told.within or "",
            number=self.numbers[due.thing],
            at=now,
            last=due.at.astimezone(self.zone).date() - A_DAY,
        )
        return CallBulletin(called)


def timers(engine: Engine, told: BulletinsTold, zone: ZoneInfo) -> Timers:
    days = BulletinDays(engine, told, zone)
    return Timers(days, days.call)
