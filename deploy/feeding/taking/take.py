"""Goes through all rows of a file once: what they give, what is wrong, what is odd."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from deploy.feeding.tables.record import Record, Rejects, Table
from deploy.feeding.taking.far import FarTimes
from deploy.feeding.taking.fitting import look_for, missed_in, only_of_one_file
from deploy.feeding.taking.problems import Problems, because
from deploy.feeding.taking.sorter import Sorter
from deploy.feeding.taking.twins import Twins
from deploy.given import WrongFileError, in_words
from shared.mapping.checking import Written, events_of
from shared.mapping.events import UpstreamEvent, outgoing
from shared.mapping.mapping import Mapping
from shared.mapping.turns import in_turn, lacking

FIRST_KEPT = 3
TOLD_EVERY = 2_000
MOST_CODES = 50_000
"""Of places, or of sectors: a column with more is no list of either."""

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
    codes_left_out: Counter[str] = field(default_factory=Counter)
    """How often one is named that came after so many others that it was not kept."""

    first: list[tuple[int, str, Written]] = field(default_factory=list)
    earliest: str = ""
    latest: str = ""
    twins: list[tuple[int, int]] = field(default_factory=list)
    """Lines of rows that have the key of an earlier one, with the line of that one."""

    odd: dict[str, list[int]] = field(default_factory=dict)
    """By what is odd in rows how many they are, and then the first lines."""

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
    look_for(wanted, mapping, table)
    taken = Taken(mapping.source, [rule.kind for rule in mapping.rules], Problems(table.unit))
    twins, far = Twins(), FarTimes(table.unit)
    opened: AbstractContextManager[Rejects | None] = (
        table.rejects(rejects) if rejects else nullcontext()
    )
    with opened as left_out:
        missed = _rows(table, mapping, taken, (twins, far), left_out, told)
    taken.warnings += [*only_of_one_file(mapping), *missed_in(missed, mapping, table), *far]
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
    beside: tuple[Twins, FarTimes],
    left_out: Rejects | None,
    told: Told,
) -> set[str]:
    """Gives the columns in which nothing was found."""
    wanted = mapping.columns()
    (twins, far), missed = beside, set(wanted)

    def time_and_kind(event: Written) -> tuple[datetime, str]:
        return event.at, taken.kinds[event.rule]

    for record in _read(table, wanted):
        taken.rows += 1
        if missed:
            missed -= {name for name, cell in record.cells.items() if cell}
        wrong = record.wrong
        events, wrongs = ([], [wrong]) if wrong else events_of(mapping, record.cells)
        if wrongs:
            taken.problems.add(record, wrongs)
            if left_out:
                left_out.add(record, because(wrongs))
        else:
            taken.rows_without_events += not events
            for turn, (by, event) in enumerate(in_turn(events, time_and_kind)):
                sent_by = f"{by.isoformat()}\t{taken.rows:012}{turn:03}"
                _take_in(taken, record, event, sent_by)
                twins.note(record.line, event, sent_by)
                far.note(record, mapping.rules[event.rule], event)
            for words in _odd(mapping, taken.kinds, record, events):
                _note(taken, words, record.line)
        if taken.rows % TOLD_EVERY == 0:
            told(taken.rows)
    told(taken.rows)
    return missed


def _read(table: Table, wanted: Collection[str]) -> Iterator[Record]:
    with in_words(table.path):
        yield from table.records(wanted)


def _odd(
    mapping: Mapping, kinds: list[str], record: Record, events: list[Written]
) -> Iterator[str]:
    """What intake may refuse or take for a duplicate, though nothing of the row itself is wrong."""
    for event in events:
        key = mapping.rules[event.rule].key
        if not all(map(record.cells.__getitem__, key)):
            empty = ", ".join(column for column in key if not record.cells[column])
            yield f"a part of the key is empty ({empty}), so that several may have the same"
            break
    for event in events:
        yield from _of_which(mapping.rules[event.rule].uses, record, event)
    for kind, other in lacking({kinds[event.rule] for event in events}, kinds):
        yield f"a {kind} without a {other}, which intake refuses if it had none before"


def _of_which(uses: dict[str, tuple[str, ...]], record: Record, event: Written) -> Iterator[str]:
    """What names another report by several columns, of which one is empty, names none."""
    names = ("report",) if "commitment" in event.data else ("duplicate_of",)
    if event.data.get("outcome", "duplicate") != "duplicate":
        return
    for name in names:
        if name in event.data and (empty := [of for of in uses[name] if not record.cells[of]]):
            yield f"a part of {name} is empty ({', '.join(empty)}), so that it may name no report"


def _note(taken: Taken, words: str, line: int) -> None:
    lines = taken.odd.setdefault(words, [0])
    lines[0] += 1
    if len(lines) <= FIRST_KEPT:
        lines.append(line)


def _take_in(taken: Taken, record: Record, event: Written, turn: str) -> None:
    """`turn` begins with the time that it is sent by, and sorts."""
    kind = taken.kinds[event.rule]
    taken.counts[kind] += 1
    if taken.counts[kind] <= FIRST_KEPT:
        taken.first.append((record.line, kind, event))
    for name, counts in taken.codes.items():
        for code in _named(event, name):
            if code in counts or len(counts) < MOST_CODES:
                counts[code] += 1
            else:
                taken.codes_left_out[name] += 1
    at = event.at.isoformat()
    taken.earliest = min(taken.earliest or at, at)
    taken.latest = max(taken.latest, at)
    told = "" if turn.startswith(f"{at}\t") else at
    line = f"{turn}{event.rule:03}\t{told}\t{event.ce_id}\t"
    taken._events.add(line.encode() + event.body)  # noqa: SLF001


def _named(event: Written, name: str) -> Collection[str]:
    """One place or sector, or a list of them."""
    one = event.data.get(name)
    return (one,) if one else event.data.get(f"{name}s", ())


def _event(source: str, kind: str, ce_id: str, at: datetime, body: bytes) -> UpstreamEvent:
    return UpstreamEvent(at, kind, lambda: outgoing(source, kind, ce_id, at, body))
