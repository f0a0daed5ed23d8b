"""What was to be heard of places and sectors in a month, and what was: by beat, for the staff."""

import calendar
import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, Text, or_, select

from services.intake.covered import Figures
from services.intake.projections.beats import TAKES, beats_of, rests_of, written
from services.intake.rhythm import ONE_DAY, Rest, day_in, holds, resumed
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
from shared.contracts.place import EVERYWHERE
from shared.contracts.report import ReportFiled
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

coverage = Table(
    "coverage_v1",
    metadata,
    Column("beat_id", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("zone", String(300), nullable=False),
    Column("duties", Text, nullable=False),
    Column("rests", Text, nullable=False),
    Column("silences", Text, nullable=False),
    Column("months", Text, nullable=False),
)
Index("coverage_v1_place", coverage.c.place, coverage.c.beat_id)

RECEIVED, LATE = 0, 1


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
                if any(_lasts(duty, day) for duty in json.loads(own["duties"])):
                    _counts(own, day, RECEIVED)
        case BeatEvent() as event if row := rows.get(event.beat_id):
            _happened(row, event)


def _accredited(rows: Rows, event: BeatAccredited) -> None:
    """Accredited anew, what was before stays in its months."""
    empty = dict.fromkeys(("duties", "rests", "silences"), "[]") | {"months": "{}"}
    row: Row = rows.get(event.beat_id) or {
        "beat_id": event.beat_id,
        "place": event.place,
        "sector": event.sector,
        **empty,
    }
    before = event.since - ONE_DAY
    rests = [(first, min(last or before, before)) for first, last in rests_of(row)]
    row["zone"] = event.zone
    _rests(row, [rest for rest in rests if rest[0] <= before])
    _ends(row, event.since)
    duties = [*json.loads(row["duties"]), [event.since.isoformat(), None, event.rhythm_days]]
    row["duties"] = json.dumps(duties)
    rows[event.beat_id] = row


def _happened(row: Row, event: BeatEvent) -> None:
    match event:
        case BeatRested(from_day=first, until_day=last):
            _rests(row, [*rests_of(row), (first, last)])
        case BeatResumed(resumed_on=on):
            _rests(row, resumed(rests_of(row), on))
        case BeatEnded(ended_on=on) | BeatHandedOver(handed_over_on=on):
            _ends(row, on)
        case BeatFellSilent(ran_out_on=on):
            silences = [*json.loads(row["silences"]), [(on + ONE_DAY).isoformat(), None]]
            row["silences"] = json.dumps(silences)
        case BeatHeardAgain(heard_on=on, in_time=in_time):
            silences = json.loads(row["silences"])
            if silences and not silences[-1][1]:
                last = silences.pop()
                silences += [] if in_time else [[last[0], on.isoformat()]]
            row["silences"] = json.dumps(silences)
            if not in_time:
                _counts(row, on, LATE)


def _ends(row: Row, on: date) -> None:
    """That day is the first without; a silence ends with it."""
    for column in ("duties", "silences"):
        spans = json.loads(row[column])
        if spans and spans[-1][1] is None:
            spans[-1][1] = on.isoformat()
        row[column] = json.dumps(spans)


def _rests(row: Row, rests: Iterable[Rest]) -> None:
    row["rests"] = written(rests)


def _counts(row: Row, day: date, what: int) -> None:
    months = json.loads(row["months"])
    counted = months.setdefault(day.isoformat()[:7], [0, 0])
    counted[what] += 1
    row["months"] = json.dumps(months)


def _lasts(span: list[Any], day: date) -> bool:
    return bool(span[0] <= day.isoformat() and (span[1] is None or day.isoformat() < span[1]))


read_model = ReadModel("coverage_v1", log_of("intake"), coverage, keys, apply, takes=TAKES)


def within(
    connection: Connection, place: str, month: str, today: date, holidays: Collection[date]
) -> list[Figures]:
    """Of all beats of a place and of what lies in it that somebody had in that month, `2031-03`."""
    own = rows_of(connection, read_model)
    chosen = select(own)
    if place != EVERYWHERE:
        chosen = chosen.where(or_(own.c.place == place, own.c.place.startswith(f"{place}.")))
    found = (
        _figures(dict(row), month, today, holidays) for row in connection.execute(chosen).mappings()
    )
    return [each for each in found if each]


def _figures(row: Row, month: str, today: date, holidays: Collection[date]) -> Figures | None:
    """None where nobody had it then."""
    year, number = map(int, month.split("-"))
    first = date(year, number, 1)
    days = [first + ONE_DAY * n for n in range(calendar.monthrange(year, number)[1])]
    days = [day for day in days if day <= today]
    duties, rests = json.loads(row["duties"]), rests_of(row)
    held = [[day for day in days if _lasts(duty, day)] for duty in duties]
    if not any(held):
        return None
    expected = 0
    for (_, _, rhythm), own in zip(duties, held, strict=True):
        counted = [
            day
            for day in own
            if day not in holidays and not any(holds(rest, day) for rest in rests)
        ]
        expected += len(counted) // rhythm
    received, late = json.loads(row["months"]).get(month, (0, 0))
    last = days[-1]
    return Figures(
        row["place"],
        row["sector"],
        received > 0,
        expected,
        received,
        late,
        any(_lasts(duty, last) for duty in duties),
        any(_lasts(span, last) for span in json.loads(row["silences"])),
        any(counts[RECEIVED] for counts in json.loads(row["months"]).values()),
    )
