"""Beats: who has which, how often something is expected, and when something was heard."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import partial

from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, Text, select

from services.intake.rhythm import ONE_DAY, Rest, Span, day_in, joined, resumed, runs_out
from shared.contracts.beat import (
    BeatAccredited,
    BeatEnded,
    BeatEvent,
    BeatFellSilent,
    BeatHandedOver,
    BeatHeardAgain,
    BeatRested,
    BeatResumed,
)
from shared.contracts.event import Event
from shared.contracts.identity import beat_id
from shared.contracts.place import regions
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.report import ReportFiled
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

RUNNING, SILENT, ENDED = "running", "silent", "ended"

beats = Table(
    "beats_v1",
    metadata,
    Column("beat_id", String(32), primary_key=True),
    Column("correspondent", String(32), nullable=False),
    Column("source", String(60), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("zone", String(300), nullable=False),
    Column("rhythm_days", Integer, nullable=False),
    Column("since", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("ran_out", String(10)),
    Column("rests", Text, nullable=False),
    Column("heard", Text, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("due_on", String(10)),
)
Index("beats_v1_due", beats.c.due_on, beats.c.beat_id)
Index("beats_v1_of", beats.c.correspondent, beats.c.beat_id)


def beats_of(event: ReportFiled) -> list[str]:
    """Those that it may be a report of. The data of a source that is not protected are public, and
    it has no beats."""
    if not event.protected or (who := event.correspondent) is None:
        return []
    return [beat_id(who, place, event.sector) for place in regions(event.place)]


def keys(event: Event) -> Collection[str]:
    match event:
        case BeatEvent():
            return (event.beat_id,)
        case ReportFiled():
            return beats_of(event)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case BeatAccredited() as event:
            _accredited(rows, event)
        case ReportFiled() as event:
            filed = min(event.filed_at, recorded.recorded_at)
            for own in [rows[each] for each in beats_of(event) if each in rows]:
                day = day_in(own["zone"], filed)
                if own["state"] != ENDED and day > spans_of(own)[0][0]:
                    _write(own, heard=[*spans_of(own), (day, day)])
        case BeatEvent() as event if row := rows.get(event.beat_id):
            _happened(row, event)


def _accredited(rows: Rows, event: BeatAccredited) -> None:
    before = rows.get(event.beat_id)
    row: Row = {
        "beat_id": event.beat_id,
        "correspondent": event.correspondent,
        "source": event.source,
        "place": event.place,
        "sector": event.sector,
        "zone": event.zone,
        "rhythm_days": event.rhythm_days,
        "since": event.since.isoformat(),
        "state": RUNNING,
        "ran_out": None,
        "rests": "[]",
        "turns": before["turns"] + 1 if before else 0,
    }
    _write(row, heard=[(event.since, event.since)])
    rows[event.beat_id] = row


def _happened(row: Row, event: BeatEvent) -> None:
    row["turns"] += 1
    match event:
        case BeatRested():
            _write(row, rests=[*rests_of(row), (event.from_day, event.until_day)])
        case BeatResumed():
            _write(row, rests=resumed(rests_of(row), event.resumed_on))
        case BeatHandedOver() | BeatEnded():
            row.update(state=ENDED)
            _write(row)
        case BeatFellSilent():
            row.update(state=SILENT, ran_out=event.ran_out_on.isoformat())
            _write(row, heard=[*_from(row, event.heard_on)])
        case BeatHeardAgain():
            row.update(state=RUNNING, ran_out=None)
            _write(row, heard=[*_from(row, event.heard_on)])


def _from(row: Row, clock: date) -> Iterator[Span]:
    """What was before that day is settled."""
    yield clock, clock
    later = (span for span in spans_of(row) if span[1] > clock)
    yield from ((max(first, clock + ONE_DAY), last) for first, last in later)


def _write(
    row: Row, heard: Iterable[Span] | None = None, rests: Iterable[Rest] | None = None
) -> None:
    """While it is silent the first span is that after which nothing was heard, and is joined with
    none: what comes may have been filed in time."""
    if rests is not None:
        row["rests"] = written(rests)
    ends = partial(runs_out, days=row["rhythm_days"], rests=rests_of(row))
    first, *others = spans_of(row) if heard is None else sorted(heard)
    is_silent = row["state"] == SILENT
    spans = [first, *joined(others, ends)] if is_silent else joined([first, *others], ends)
    row["heard"] = written(spans)
    due: date | None = None
    if row["state"] == RUNNING:
        due = ends(spans[0][1])
    elif is_silent and len(spans) > 1:
        due = spans[1][0] - ONE_DAY
    row["due_on"] = _said(due)


def written(lasting: Iterable[Rest]) -> str:
    """Rests or spans, as rows keep them."""
    return json.dumps([[_said(each) for each in days] for days in lasting])


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def spans_of(row: Row) -> list[Span]:
    return [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in json.loads(row["heard"])]


def rests_of(row: Row) -> list[Rest]:
    return [(date.fromisoformat(a), _day(b)) for a, b in json.loads(row["rests"])]


TAKES = frozenset(
    each for each in EVENT_TYPES.values() if issubclass(each, BeatEvent | ReportFiled)
)
"""Of the coverage of beats, too."""

read_model = ReadModel("beats_v1", log_of("intake"), beats, keys, apply, takes=TAKES)


def one(connection: Connection, known_as: str) -> Row | None:
    own = rows_of(connection, read_model)
    found = connection.execute(select(own).where(own.c.beat_id == known_as)).mappings().first()
    return dict(found) if found else None


def first(connection: Connection, limit: int, after: str = "") -> list[Row]:
    """In no order that means something, of those behind `after`; ended ones too."""
    own = rows_of(connection, read_model)
    chosen = select(own).where(own.c.beat_id > after).order_by(own.c.beat_id).limit(limit)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def of_person(connection: Connection, who: str) -> list[Row]:
    """Those that they have now."""
    own = rows_of(connection, read_model)
    theirs = select(own).where(own.c.correspondent == who, own.c.state != ENDED)
    found = connection.execute(theirs.order_by(own.c.place, own.c.sector)).mappings()
    return [dict(row) for row in found]
