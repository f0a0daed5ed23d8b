"""Goes through all rows of a file once: what they give, what is wrong, what is odd."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from deploy.feeding.mapping.events import UpstreamEvent, outgoing
from deploy.feeding.mapping.mapping import Mapping
from deploy.feeding.mapping.reading import unusable
from deploy.feeding.mapping.template import FILE_NAME, ROW_NUMBER, Template
from deploy.feeding.tables.record import Record, Rejects, Table
from deploy.feeding.taking.checking import Written, events_of
from deploy.feeding.taking.problems import Problems, because
from deploy.feeding.taking.sorter import Sorter
from deploy.feeding.taking.turns import in_turn
from deploy.feeding.taking.twins import Twins
from deploy.given import WrongFileError, in_words
from shared.runtime.toml_lines import Key
from shared.runtime.toml_words import meant, shown

FIRST_KEPT = 3
TOLD_EVERY = 2_000
PLACE_DIGITS = 15
"""Of the row's number and the event's place in it."""

Told = Callable[[int], None]
"""Gets the number of rows that are read."""


@dataclass
class Taken:
    """All that a file gives; `kinds` counts events, `codes` how often a place or sector is named,
    `first` are the first events of each kind in the file. Moments are texts in UTC, which sort."""

    source: str
    kinds: list[str]
    problems: Problems
    rows: int = 0
    rows_without_events: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(
        default_factory=lambda: {"place": Counter(), "sector": Counter()}
    )
    first: list[tuple[int, str, Written]] = field(default_factory=list)
    earliest: str = ""
    latest: str = ""
    twins: list[tuple[int, int]] = field(default_factory=list)
    """Lines of rows that have the key of an earlier one, with the line of that one."""

    warnings: list[str] = field(default_factory=list)
    _events: Sorter = field(default_factory=Sorter)

    def events(self) -> Iterator[UpstreamEvent]:
        """In the order in which they happened, none before what it rests on; once."""
        for line in self._events:
            sent, place, told, ce_id, body = line.split(b"\t", 4)
            kind = self.kinds[int(place[PLACE_DIGITS:])]
            at = datetime.fromisoformat((told or sent).decode())
            yield _event(self.source, kind, ce_id.decode(), at, body)

    def close(self) -> None:
        self._events.close()


def take(
    table: Table, mapping: Mapping, told: Told = lambda _: None, rejects: Path | None = None
) -> Taken:
    """Rows with anything wrong are left out, and written to `rejects` if that is given.

    Raises WrongFileError where the mapping and the file do not fit, or there is no row.
    """
    wanted = mapping.columns()
    _look_for(wanted, mapping, table)
    taken = Taken(mapping.source, [rule.kind for rule in mapping.rules], Problems(table.unit))
    twins = Twins()
    opened: AbstractContextManager[Rejects | None] = (
        table.rejects(rejects) if rejects else nullcontext()
    )
    with opened as left_out:
        missed = _rows(table, mapping, taken, twins, left_out, told)
    taken.warnings += [*_only_of_one_file(mapping), *_missed(missed, mapping, table)]
    if not taken.rows:
        raise WrongFileError(f"{table.path} has columns and no row: there is nothing to send")
    if not taken.problems and not taken.counts:
        also = "".join(f"\n  {warning}" for warning in taken.warnings)
        raise WrongFileError(
            f"none of the {taken.rows:,} rows of {table.path} gives an event{also}"
        )
    taken.twins = twins.found()
    return taken


def _rows(
    table: Table,
    mapping: Mapping,
    taken: Taken,
    twins: Twins,
    left_out: Rejects | None,
    told: Told,
) -> set[str]:
    """Gives the columns in which nothing was found."""
    wanted = mapping.columns()
    missed = set(wanted)
    for record in _read(table, wanted):
        taken.rows += 1
        if missed:
            missed -= {name for name, cell in record.cells.items() if cell}
        events, wrongs = events_of(mapping, record)
        if wrongs:
            taken.problems.add(record, wrongs)
            if left_out:
                left_out.add(record, because(wrongs))
        else:
            taken.rows_without_events += not events
            for turn, (by, event) in enumerate(in_turn(events, taken.kinds)):
                _take_in(taken, record, event, f"{by.isoformat()}\t{taken.rows:012}{turn:03}")
            twins.note(record, events)
        if taken.rows % TOLD_EVERY == 0:
            told(taken.rows)
    told(taken.rows)
    return missed


def _read(table: Table, wanted: Collection[str]) -> Iterator[Record]:
    with in_words(table.path):
        yield from table.records(wanted)


def _take_in(taken: Taken, record: Record, event: Written, turn: str) -> None:
    """`turn` begins with the time that it is sent by, and sorts."""
    kind = taken.kinds[event.rule]
    taken.counts[kind] += 1
    if taken.counts[kind] <= FIRST_KEPT:
        taken.first.append((record.line, kind, event))
    for name, counts in taken.codes.items():
        if code := event.data.get(name):
            counts[code] += 1
    at = event.at.isoformat()
    taken.earliest = min(taken.earliest or at, at)
    taken.latest = max(taken.latest, at)
    told = "" if turn.startswith(f"{at}\t") else at
    line = f"{turn}{event.rule:03}\t{told}\t{event.ce_id}\t"
    taken._events.add(line.encode() + event.body)  # noqa: SLF001


def _event(source: str, kind: str, ce_id: str, at: datetime, body: bytes) -> UpstreamEvent:
    return UpstreamEvent(at, kind, lambda: outgoing(source, kind, ce_id, at, body))


def _look_for(wanted: dict[str, Key], mapping: Mapping, table: Table) -> None:
    if table.columns is None:
        return
    there = [column for column in table.columns if column]
    _refuse([name for name in wanted if name not in there], there, mapping, table)


def _only_of_one_file(mapping: Mapping) -> Iterator[str]:
    """A second file with the same source begins with row 1 as well; told once, of the first."""
    for number, rule in enumerate(mapping.rules):
        if ROW_NUMBER in rule.key and FILE_NAME not in rule.key:
            words = (
                "{#row} is a key within one file only: rows of another file have the same, and are"
                " taken for duplicates of these; {#file}/{#row} keeps them apart"
            )
            yield str(mapping.written.finding(("event", number, "id"), words))
            return


def _missed(missed: set[str], mapping: Mapping, table: Table) -> Iterator[str]:
    """Where each row has its own columns, one that none has may be misspelt, or just be empty."""
    for name, key in mapping.columns().items():
        if table.columns is None and name in missed:
            words = f'no row has anything in "{name}"{_without_braces(name)}'
            yield str(mapping.written.finding(key, words))


def _refuse(missing: list[str], there: list[str], mapping: Mapping, table: Table) -> None:
    if not missing:
        return
    keys, written = mapping.columns(), mapping.written
    how = f"is no column of {table.path.name}, read as {table.described()}"
    findings = [
        written.finding(keys[name], f'"{name}" {how}{_without_braces(name) or meant(name, there)}')
        for name in missing
    ]
    raise unusable(written.path, findings)


def _without_braces(name: str) -> str:
    """What to write instead, if it is a text with columns in it."""
    try:
        columns = Template(name).columns
    except ValueError:
        return ""
    if not columns:
        return ""
    several = f" and several as a list, [{', '.join(map(shown, columns))}]"
    return f"; columns stand here without braces{several if len(columns) > 1 else ''}"
