"""Beats as entries of the calendar: what is to be said of them once a day is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice

from sqlalchemy import Connection, Engine, select

from services.intake.projections.beats import read_model, rests_of, spans_of
from services.intake.rhythm import ONE_DAY, Span, day_in, judged, runs_out, zone_of
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import position, rows_of
from shared.eventsourcing.timers.calendar import Due

TERM = "beat"
AT_ONCE = 500
A_TURN = timedelta(microseconds=1)
"""Whatever happened to a beat moves its next moment by so much: two of one moment were one."""


@dataclass
class BeatsDue:
    """The charter's holidays count when something is looked up, so others count at once."""

    engine: Engine
    holidays: Collection[date] = ()
    heard: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        return read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((TERM,))

    async def position(self) -> int:
        return await ask_in(self.engine, _position)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """What was heard of them is remembered until the next page."""
        return await ask_in(self.engine, self._page, now, after)

    async def next(self, since: datetime) -> datetime | None:
        """It may be that nothing is to be said then yet, for the sake of holidays."""
        return await ask_in(self.engine, _next, since)

    def _page(self, connection: Connection, now: datetime, after: Due | None) -> list[Due]:
        own = rows_of(connection, read_model)
        chosen = (
            select(own)
            .where(own.c.due_on <= (now + ONE_DAY).date().isoformat())
            .order_by(own.c.due_on, own.c.beat_id)
        )
        waiting = (dict(row) for row in connection.execute(chosen).mappings())
        found = sorted(
            (due, spans_of(row))
            for row in waiting
            if (due := self._due(row, now)) and (after is None or due > after)
        )[:AT_ONCE]
        self.heard = {due.thing: tuple(spans) for due, spans in found}
        return [due for due, _ in found]

    def _due(self, row: Row, now: datetime) -> Due | None:
        """What the beat itself would say, as far as the rows know."""
        spans, today = spans_of(row), day_in(row["zone"], now)
        ends = partial(
            runs_out,
            days=row["rhythm_days"],
            rests=rests_of(row),
            holidays=self.holidays,
        )
        since = date.fromisoformat(row["ran_out"]) if row["ran_out"] else None
        for silent, heard, end in islice(judged(spans[0][0], since, spans, ends, today), 1):
            day = end + ONE_DAY if silent else heard
            at = _midnight(row["zone"], day) + A_TURN * row["turns"]
            return Due(at, row["beat_id"], TERM) if at < now else None
        return None


def _midnight(zone: str, day: date) -> datetime:
    """With which it begins."""
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


def _next(connection: Connection, since: datetime) -> datetime | None:
    own = rows_of(connection, read_model).c
    near = own.due_on >= (since - 2 * ONE_DAY).date().isoformat()
    days = select(own.due_on, own.zone).where(near).distinct().order_by(own.due_on).limit(AT_ONCE)
    moments = (
        _midnight(zone, date.fromisoformat(day) + ONE_DAY) for day, zone in connection.execute(days)
    )
    return min((each for each in moments if each >= since), default=None)


def _position(connection: Connection) -> int:
    """It holds nothing while no rows are shown."""
    reached = position(connection, [read_model], read_model.stream)
    return reached.sequence if reached.is_shown else 0
