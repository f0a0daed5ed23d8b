"""A mapping: what of a row becomes which upstream events."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.contracts.inbox import INBOX_KINDS
from shared.mapping.cells import CellError
from shared.mapping.codes import Names, folded
from shared.mapping.events import UpstreamEvent, body_of, outgoing
from shared.mapping.language import EventShape, MappingShape
from shared.mapping.put_right import put_right
from shared.mapping.reading import Written, read_mapping
from shared.mapping.template import (
    FILE_NAME,
    OF_NO_COLUMN,
    ROW_NUMBER,
    Row,
    Template,
    joined,
)
from shared.mapping.times import Times
from shared.mapping.turns import in_turn
from shared.mapping.uses import columns_of
from shared.mapping.values import Values
from shared.runtime.toml_lines import Key


class EventRule:
    """One event of a mapping; `uses` are the columns that each of its fields is made of."""

    def __init__(self, shape: EventShape, values: Values) -> None:
        self.kind = shape.kind
        self.when = shape.when
        self._values = values
        self._id, self.key = Template(shape.id).filled(), Template(shape.id).columns
        self._needs = shape.needs
        self._where = _cells(shape.where)
        self._unless = _cells(shape.unless)
        known = INBOX_KINDS[shape.kind].model_fields
        self._fields = [
            (name, values.of(name, rule), put_right(name, known[name]), known[name].default is None)
            for name, rule in shape.data.items()
        ]
        self.uses = {name: tuple(columns_of(rule)) for name, rule in shape.data.items()}

    def at(self, row: Row) -> datetime | None:
        """When it happened; None if it did not. Raises CellError."""
        if not joined(row, self.when) or not all(row[column] for column in self._needs):
            return None
        for column, these in self._where:
            if folded(row[column]) not in these:
                return None
        for column, these in self._unless:
            if folded(row[column]) in these:
                return None
        return self._values.moment(row, self.when).at

    def ce_id(self, row: Row) -> str:
        """Raises CellError where all that it is made of is empty."""
        if not any(row[column] for column in self.key):
            raise CellError(", ".join(self.key), "", "is empty, and the row has no other key")
        return self._id(row)

    def data(self, row: Row) -> dict[str, Any]:
        """Without what may be left out and is empty. Raises CellError."""
        found = {}
        for name, of, right, may_lack in self._fields:
            value = right(of(row))
            if value or not (may_lack and value == ""):
                found[name] = value
        return found


class Mapping:
    """Raises WrongFileError with all that is wrong in the file, by line and key."""

    def __init__(self, path: Path) -> None:
        self.written: Written = read_mapping(path)
        self.shape: MappingShape = self.written.shape
        self.source = self.shape.source
        times = Times(
            ZoneInfo(self.shape.time_zone),
            self.shape.times.formats,
            self.shape.times.months or (),
            midnight_is_day=self.shape.times.midnight_is_day,
        )
        self._values = Values(times, self.shape.aliases)
        self.rules = [EventRule(shape, self._values) for shape in self.shape.event]

    @property
    def names(self) -> dict[str, Names]:
        """By field what its codes were called so far."""
        return self._values.names

    def columns(self) -> dict[str, Key]:
        """Each column that it names, with the key where it does so first."""
        found: dict[str, Key] = {}
        for column, key in _columns(self.shape):
            if column not in OF_NO_COLUMN:
                found.setdefault(column, key)
        return found

    def events(self, rows: Iterable[Row]) -> list[UpstreamEvent]:
        """All events of all rows, unchecked, in the order in which a file is published."""
        numbered = [
            {FILE_NAME: "", **row, ROW_NUMBER: str(number)} for number, row in enumerate(rows, 1)
        ]
        order = [
            (by, number, turn, at, rule)
            for number, row in enumerate(numbered)
            for turn, (by, (at, rule)) in enumerate(self._in_turn(row))
        ]
        order.sort(key=itemgetter(0, 1, 2))
        return [self._event(at, numbered[number], rule) for _, number, _, at, rule in order]

    def _in_turn(self, row: Row) -> Iterator[tuple[datetime, tuple[datetime, EventRule]]]:
        happened = [(at, rule) for rule in self.rules if (at := rule.at(row))]
        return in_turn(happened, lambda event: (event[0], event[1].kind))

    def _event(self, at: datetime, row: Row, rule: EventRule) -> UpstreamEvent:
        return UpstreamEvent(
            at,
            rule.kind,
            lambda: outgoing(self.source, rule.kind, rule.ce_id(row), at, body_of(rule.data(row))),
        )


def _columns(shape: MappingShape) -> Iterator[tuple[str, Key]]:
    for number, event in enumerate(shape.event):
        at: Key = ("event", number)
        yield from ((column, (*at, "id")) for column in Template(event.id).columns)
        yield from ((column, (*at, "when")) for column in event.when)
        for name in ("needs", "where", "unless"):
            yield from ((column, (*at, name)) for column in getattr(event, name))
        for name, rule in event.data.items():
            yield from ((column, (*at, "data", name)) for column in columns_of(rule))


def _cells(given: dict[str, list[str]]) -> list[tuple[str, set[str]]]:
    return [(column, {folded(cell) for cell in cells}) for column, cells in given.items()]
