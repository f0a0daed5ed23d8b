"""given(events).then(rows): the events as the log gives them, and all of them more than once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, Engine, delete, select

from shared.contracts.event import Event
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.projections import checkpoints, set_aside
from shared.eventsourcing.projections.kept_counts import counted
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel, Row
from shared.eventsourcing.projections.serving import counts_of
from shared.testing.examples import recorded

Answer = TypeVar("Answer")


def as_message(event: RecordedEvent) -> Message:
    """What a reader makes of this event when it comes out of the log."""
    subject, headers, body = PLAIN.encode(event)
    return Message(subject, headers, body, event.sequence)


@dataclass
class ProjectionSpec:
    """One at a time, in one batch and in two uneven ones must all give the same rows.

    Each delivery begins with the first event again; and at last all of them come once more from a
    projector that slept since before the first: both are what a crash or a freeze leads to.
    """

    model: ReadModel
    engine: Engine
    messages: list[Message] = field(default_factory=list)

    def given(self, *events: Event | RecordedEvent) -> "ProjectionSpec":
        """Plain events get sequences and times of recording from 1 on."""
        self.messages = [
            as_message(event if isinstance(event, RecordedEvent) else recorded(event, sequence))
            for sequence, event in enumerate(events, start=1)
        ]
        return self

    def then(self, *expected: Row) -> None:
        """The whole table, in any order; a row may leave out columns that the test is not about."""
        count = len(self.messages)
        rows = self._project([count])
        assert self._project([count // 3, count]) == rows
        assert self._project(range(1, count + 1)) == rows
        assert len(rows) == len(expected), rows
        for row, wanted in zip(rows, sorted(expected, key=self._key), strict=True):
            assert {name: row[name] for name in wanted} == wanted

    def ask(self, query: Callable[[Connection], Answer]) -> Answer:
        """What a query of the read model answers now."""
        self._project([len(self.messages)])
        with self.engine.connect() as connection:
            return query(connection)

    def _project(self, ends: Iterable[int]) -> list[Row]:
        """`ends` says how many events there are at each delivery."""
        prepare(self.engine, [self.model])
        with self.engine.begin() as connection:
            for table in self.model.tables:
                connection.execute(delete(table))
            connection.execute(delete(checkpoints.checkpoints))
        prepare(self.engine, [self.model])
        sleeper = Projector(self.engine, [self.model])
        sleeper.begin()
        for end in filter(None, ends):
            projector = Projector(self.engine, [self.model])
            projector.begin()
            for _delivery in (1, 2):
                projector.apply(self.messages[:end])
        if self.messages:
            with pytest.raises(ConcurrencyError):
                sleeper.apply(self.messages)
        with self.engine.connect() as connection:
            assert set_aside.counts(connection, [self.model]) == {}
            found = connection.execute(select(self.model.table)).mappings()
            rows = sorted((dict(row) for row in found), key=self._key)
            if self.model.counts:
                assert counts_of(connection, self.model) == counted(rows, self.model.counts)
            return rows

    def _key(self, row: Row) -> Any:
        (column,) = self.model.table.primary_key.columns
        return row[column.name]
