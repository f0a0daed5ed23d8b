"""given(events).when(now).then(dues): what is to be woken by a due column, and what is next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.timers.calendar import Due
from shared.testing.projection_spec import ProjectionSpec


@dataclass(frozen=True)
class CalendarSpec:
    """`then` asks in pages of every size: all must give the same entries in the same order."""

    column: DueColumn
    engine: Engine
    history: tuple[Event | RecordedEvent, ...] = ()
    now: datetime | None = None

    def given(self, *events: Event | RecordedEvent) -> "CalendarSpec":
        return CalendarSpec(self.column, self.engine, events)

    def when(self, now: datetime) -> "CalendarSpec":
        return CalendarSpec(self.column, self.engine, self.history, now)

    def then(self, *expected: Due, next_at: datetime | None = None) -> None:
        ProjectionSpec(self.column.model, self.engine).given(*self.history).ask(lambda _: None)
        assert self.now is not None
        with self.engine.connect() as connection:
            for limit in range(1, len(expected) + 2):
                assert list(self._paged(connection, self.now, limit)) == list(expected)
            assert self.column.next(connection, self.now) == next_at

    def _paged(self, connection: Connection, now: datetime, limit: int) -> Iterator[Due]:
        after = None
        while page := self.column.page(connection, now, after, limit):
            assert len(page) <= limit
            yield from page
            after = page[-1]
