"""Maps rows of a CSV file to upstream CloudEvents, as a mapping file says."""

import csv
import gzip
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from shared.contracts.place import way_to
from shared.eventsourcing.jetstream.wire import Outgoing

T = TypeVar("T")
Row = dict[str, str]
Value = Callable[[Row], Any]


@dataclass(frozen=True)
class UpstreamEvent:
    """One event of one row; `at` is when it happened, in UTC."""

    at: datetime
    kind: str
    outgoing: Callable[[], Outgoing]


@dataclass(frozen=True)
class EventRule:
    kind: str
    id: str
    when: str
    needs: tuple[str, ...]
    data: dict[str, Value]


REMEMBERED = 4_096
"""Values of which the same come again and again."""

_NO_OUTCOMES = {"words", "otherwise", "empty"}


class Mapping:
    """Raises ValueError, naming the event and field, where the mapping file makes no sense."""

    def __init__(self, path: Path) -> None:
        text = tomllib.loads(path.read_text())
        self.source: str = text["source"]
        self._zone = ZoneInfo(text["time_zone"])
        self._rules = [self._rule(rule) for rule in text["event"]]

    def events(self, rows: list[Row]) -> list[UpstreamEvent]:
        """All events of all rows in the order in which they happened."""
        order = [
            (self._instant(row, rule.when), number, index)
            for number, row in enumerate(rows)
            for index, rule in enumerate(self._rules)
            if row[rule.when].strip() and all(row[column].strip() for column in rule.needs)
        ]
        order.sort()
        return [self._event(at, rows[number], self._rules[index]) for at, number, index in order]

    def _event(self, at: datetime, row: Row, rule: EventRule) -> UpstreamEvent:
        return UpstreamEvent(at, rule.kind, lambda: self._outgoing(at, row, rule))

    def _outgoing(self, at: datetime, row: Row, rule: EventRule) -> Outgoing:
        data = {name: value(row) for name, value in rule.data.items()}
        headers = {
            "ce-specversion": "1.0",
            "ce-id": rule.id.format_map(row),
            "ce-source": f"/{self.source}",
            "ce-type": rule.kind,
            "ce-time": at.isoformat(),
            "content-type": "application/json",
        }
        return Outgoing(f"inbox.{self.source}.{rule.kind}", json.dumps(data).encode(), headers)

    def _rule(self, rule: dict[str, Any]) -> EventRule:
        try:
            data = {name: self._value(spec) for name, spec in rule["data"].items()}
            needs = tuple(rule.get("needs", ()))
            return EventRule(rule["kind"], rule["id"], rule["when"], needs, data)
        except (KeyError, ValueError) as error:
            raise ValueError(f"event {rule.get('kind', '?')}: {error}") from error

    def _value(self, spec: Any) -> Value:
        match spec:
            case str():
                return lambda row: spec.format_map(row).strip()
            case {"place": column, "under": whole}:
                same = {"", *spec.get("same_as_whole", ())}
                return lambda row: _place(row[column].strip(), whole, same)
            case {"slug": column}:
                return lambda row: _slug(row[column])
            case {"instant": column}:
                return lambda row: self._instant(row, column).isoformat()
            case {"words": column, "otherwise": otherwise, "empty": empty}:
                outcomes = {k: v for k, v in spec.items() if k not in _NO_OUTCOMES}
                return lambda row: _by_words(row[column], outcomes, otherwise, empty)
            case {"made_up": columns, "turn": turn, "in_each": size, "covering": covering}:
                return lambda row: _made_up(
                    [row[c].strip() for c in columns], row[turn], size, covering
                )
            case bool() | int() | float():
                return lambda _: spec
            case _:
                raise ValueError(f"{spec!r} is no value rule")

    def _instant(self, row: Row, column: str) -> datetime:
        """Raises ValueError, naming column and row; the row by what its first column holds."""
        try:
            return _in_utc(row[column], self._zone)
        except ValueError:
            first = next(iter(row))
            raise ValueError(
                f'{column} of the row with {first} {row[first]}: "{row[column]}" is no time such as'
                " 2011-07-01 01:32:33"
            ) from None


@lru_cache(REMEMBERED)
def _in_utc(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file with a header line, plain or gzipped."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


@lru_cache(REMEMBERED)
def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _place(name: str, whole: str, same: set[str]) -> str:
    return whole if name in same else ".".join([*way_to(whole), _slug(name)])


def _by_words(text: str, outcomes: dict[str, list[str]], otherwise: str, empty: str) -> str:
    said = text.lower().strip()
    if not said:
        return empty
    for outcome, words in outcomes.items():
        if any(word in said for word in words):
            return outcome
    return otherwise


def _made_up(parts: list[str], turn: str, size: int, covering: int) -> str:
    """One of `size` correspondents of the first part; `covering` of them take turns in the rest."""
    place, *rest = parts
    whose_turn = uuid5(NAMESPACE_URL, turn).int % covering
    number = _number(f"{place}/{'/'.join(rest)}/{whose_turn}") % size
    return f"{_slug(place) or 'city'}-{number + 1}"


@lru_cache(REMEMBERED)
def _number(text: str) -> int:
    return uuid5(NAMESPACE_URL, text).int
