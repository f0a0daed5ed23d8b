"""A read model: a table, the rows that an event touches, what it does to them; and their counts."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, String, Table
from sqlalchemy.types import TypeDecorator

from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections import kept_counts
from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.bulk_sqlite import Row
from shared.eventsourcing.projections.kept_counts import Sorts

__all__ = ["Instant", "ReadModel", "Row", "Rows"]

Rows = dict[str, Row]
"""Rows by primary key, as far as a batch of events touches them."""

_VERSION = re.compile(r"_v\d+$")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC as sortable text, the same in SQLite and PostgreSQL."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return _stored(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:  # noqa: ARG002
        return _stored

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


_MINUTES = [f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60)]
_SECONDS = [f"{second:02}.000000+00:00" for second in range(60)]


@lru_cache(10_000)
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _stored(value: datetime | None) -> str | None:
    """As `isoformat` to the microsecond says it in UTC; that itself takes twice the time."""
    if value is None:
        return None
    offset = value.utcoffset()
    if offset:
        value = value.astimezone(UTC)
    if offset is None or value.microsecond:
        return value.isoformat(timespec="microseconds")
    minute = _MINUTES[value.hour * 60 + value.minute]
    return f"{_day(value.toordinal())}{minute}{_SECONDS[value.second]}"


@dataclass(frozen=True)
class ReadModel:
    """Rows derived from a stream; a changed one gets a new version in its name and table.

    `keys` tells the primary keys of the rows that an event touches, `apply` changes them: it may
    read, replace, add or pop those rows and nothing else. `replaces` is the version before, which
    is followed and asked until this one is made. `counts` tells the sorts that a row is of; how
    many there are of each is kept in a table beside. `takes` are the types of events that change
    any row, all if none is named: many read models follow one stream, and few events are for each.

    Whatever it takes from further streams, `also`, has to give the same rows in whatever order
    events of different streams come: each stream has its own position, and its own time.
    """

    name: str
    stream: str
    table: Table
    keys: Callable[[Event], Collection[str]]
    apply: Callable[[Rows, RecordedEvent], None]
    replaces: "ReadModel | None" = None
    counts: Sorts | None = None
    also: tuple[str, ...] = ()
    takes: frozenset[type[Event]] = frozenset()
    counts_table: Table | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        before = self.replaces
        if before and (before.family != self.family or before.name == self.name):
            raise ValueError(f"{self.name} can only replace another version of {self.family}")
        if before and not set(before.streams) <= set(self.streams):
            raise ValueError(f"{self.name} has to read all streams that {before.name} reads")
        if self.counts:
            beside = kept_counts.table_beside(self.table, self.name)
            object.__setattr__(self, "counts_table", beside)
        # SQLite keeps the rows in the key's own tree then, instead of in two.
        for table in self.tables:
            table.dialect_options["sqlite"]["with_rowid"] = False

    def write(self, connection: Connection, events: Iterable[RecordedEvent]) -> None:
        """Apply a batch of events, oldest first, with a handful of statements."""
        takes, keys_of, apply = self.takes, self.keys, self.apply
        if takes:
            events = [each for each in events if type(each.event) in takes]
        touching = [(each, keys) for each in events if (keys := keys_of(each.event))]
        if not touching:
            return
        touched = {key for _, keys in touching for key in keys}
        table = bulk(self.table, connection.dialect)
        before = self._rows(connection, sorted(touched))
        rows = {key: row.copy() for key, row in before.items()}
        for recorded, _ in touching:
            apply(rows, recorded)
        # Neighbours of one page of the key's tree come one after the other.
        table.add(connection, [rows[key] for key in sorted(rows.keys() - before.keys())])
        for columns, changed in _changes(before, rows).items():
            table.change(connection, columns, changed)
        table.remove(connection, [key for key in before if key not in rows])
        if self.counts and self.counts_table is not None:
            found = kept_counts.changes(before.values(), rows.values(), self.counts)
            kept_counts.write(connection, self.counts_table, found)

    @property
    def family(self) -> str:
        """The name that all its versions have in common."""
        return _VERSION.sub("", self.name)

    def versions(self) -> Iterator["ReadModel"]:
        """This one, and those that it replaces."""
        yield self
        if self.replaces:
            yield from self.replaces.versions()

    @property
    def streams(self) -> tuple[str, ...]:
        return (self.stream, *self.also)

    def position_in(self, stream: str) -> str:
        """What its checkpoint in a stream is named."""
        return self.name if stream == self.stream else f"{self.name} {stream}"

    @property
    def positions(self) -> tuple[str, ...]:
        """The names of its checkpoints."""
        return tuple(self.position_in(stream) for stream in self.streams)

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.table,) if self.counts_table is None else (self.table, self.counts_table)

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """Its fold, and nothing that only reads its rows."""
        return (self.keys, self.apply, self.counts) if self.counts else (self.keys, self.apply)

    @property
    def key_column(self) -> Any:
        (column,) = self.table.primary_key.columns
        return column

    def _rows(self, connection: Connection, keys: list[str]) -> Rows:
        return bulk(self.table, connection.dialect).read(connection, keys)


def _changes(before: Rows, rows: Rows) -> dict[tuple[str, ...], list[Row]]:
    """By the columns that changed: most events touch few of them."""
    changes: dict[tuple[str, ...], list[Row]] = {}
    for key, old in before.items():
        new = rows.get(key, old)
        if new != old:
            columns = tuple(
                [
                    name
                    for name, value in new.items()
                    if value is not (was := old[name]) and value != was
                ]
            )
            changes.setdefault(columns, []).append(new)
    return changes
