"""What is kept of whom since when: sealed words of reports, and persons; until they are erased."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Boolean, Column, Index, MetaData, String, Table

from shared.contracts.event import Event
from shared.contracts.person import PersonErased, PersonErasureAnnounced, PersonEvent
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.report import (
    DuplicateParted,
    DuplicateRefused,
    ErasureAnnounced,
    ReportClosed,
    ReportConfirmed,
    ReportCorroborated,
    ReportErased,
    ReportEvent,
    ReportFiled,
    ReportMarkedDuplicate,
    ReportRefuted,
    ReportReopened,
)
from shared.contracts.routing import log_of
from shared.contracts.sealed import CLOSED, sealed_fields
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows

metadata = MetaData()

REPORT, PERSON = "report", "person"
KEPT, ANNOUNCED, ERASED, CLEAR = "kept", "announced", "erased", "clear"
"""What is `clear` has no key that could be destroyed."""


def _rows(name: str) -> Table:
    """Of what is kept since when by source, and what is announced for when."""
    table = Table(
        name,
        metadata,
        Column("thing", String(32), primary_key=True),
        Column("kind", String(6), nullable=False),
        Column("source", String(60), nullable=False),
        Column("state", String(10), nullable=False),
        Column("is_open", Boolean, nullable=False),
        Column("since", Instant, nullable=False),
        Column("erase_at", Instant),
    )
    own = table.c
    Index(f"{name}_since", own.state, own.kind, own.source, own.since, own.thing)
    Index(f"{name}_erase_at", own.state, own.kind, own.erase_at, own.thing)
    return table


kept = _rows("kept_v4")


def keys(event: Event) -> Collection[str]:
    """The data of a source that is not protected are public, and so are the persons in them."""
    match event:
        case ReportFiled(protected=True, correspondent=str() as who):
            return event.report_id, who
        case ReportEvent():
            return (event.report_id,)
        case PersonEvent():
            return (event.person_id,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ReportFiled() as event:
            _filed(rows, event, min(event.filed_at, recorded.recorded_at))
        case ReportEvent() as event if row := rows.get(event.report_id):
            _said(row, event)
        case PersonErasureAnnounced() as event if row := rows.get(event.person_id):
            _announced(row, event.erase_at)
        case PersonErased() as event if row := rows.get(event.person_id):
            row.update(state=ERASED, erase_at=None)


def keys_with_course(event: Event) -> Collection[str]:
    match event:
        case ReportCorroborated(protected=True, known=True, source=str()):
            return event.report_id, event.by
        case _:
            return keys(event)


def apply_with_course(rows: Rows, recorded: RecordedEvent) -> None:
    """Who has seen it too is a person of the source, as who filed it is."""
    apply(rows, recorded)
    match recorded.event:
        case ReportCorroborated(protected=True, known=True, source=str(source)) as event:
            _person(rows, event.by, source, min(event.seen_at, recorded.recorded_at))
        case ReportReopened() | DuplicateParted() as event if event.report_id in rows:
            rows[event.report_id].update(is_open=True)
        case _:
            pass


def _person(rows: Rows, who: str, source: str, since: datetime) -> None:
    before = rows.get(who)
    if before is None:
        rows[who] = {
            "thing": who,
            "kind": PERSON,
            "source": source,
            "state": KEPT,
            "is_open": False,
            "since": since,
            "erase_at": None,
        }
    elif since > before["since"] and before["state"] != ERASED:
        before.update(state=KEPT, since=since, erase_at=None)


def _filed(rows: Rows, event: ReportFiled, since: datetime) -> None:
    """A source may say any moment; later than it came nothing was."""
    new = {"source": event.source, "since": since, "erase_at": None}
    if event.protected or event.text == CLOSED:
        state = KEPT if event.text == CLOSED else CLEAR
        rows[event.report_id] = new | {
            "thing": event.report_id,
            "kind": REPORT,
            "state": state,
            "is_open": True,
        }
    if not event.protected or not (who := event.correspondent):
        return
    before = rows.get(who)
    if before is None:
        rows[who] = new | {"thing": who, "kind": PERSON, "state": KEPT, "is_open": False}
    elif before["state"] != ERASED and since > before["since"]:
        before.update(state=KEPT, since=since, erase_at=None)


def _said(row: Row, event: ReportEvent) -> None:
    match event:
        case ErasureAnnounced():
            _announced(row, event.erase_at)
        case ReportErased():
            row.update(state=ERASED, erase_at=None)
        case DuplicateRefused():
            row.update(is_open=True)
        case ReportConfirmed() | ReportRefuted() | ReportClosed() | ReportMarkedDuplicate():
            row.update(is_open=False)
    if row["state"] == CLEAR and any(
        getattr(event, field) == CLOSED for field in sealed_fields(type(event))
    ):
        row.update(state=KEPT)


def _announced(row: Row, erase_at: datetime) -> None:
    if row["state"] != ERASED:
        row.update(state=ANNOUNCED, erase_at=erase_at)


def sorts(row: Row) -> tuple[str, ...]:
    """By source, kind and state; what is still open beside that."""
    sort = f"{row['source']} {row['kind']} {row['state']}"
    return (sort, f"{sort} open") if row["is_open"] else (sort,)


INTAKE = log_of("intake")
without_course = ReadModel("kept_v1", INTAKE, _rows("kept_v1"), keys, apply, None, sorts)
without_points = ReadModel(
    "kept_v2",
    INTAKE,
    _rows("kept_v2"),
    keys_with_course,
    apply_with_course,
    without_course,
    sorts,
)


def apply_with_points(rows: Rows, recorded: RecordedEvent) -> None:
    """A point alone that is sealed has a key, as words have."""
    event = recorded.event
    if isinstance(event, ReportFiled) and event.point == CLOSED:
        recorded = replace(recorded, event=event.model_copy(update={"text": CLOSED}))
    apply_with_course(rows, recorded)


Settled = ReportConfirmed | ReportRefuted | ReportClosed


def keys_of_kept(event: Event) -> Collection[str]:
    """What a public source files in the clear has no row."""
    if isinstance(event, Settled):
        return (event.report_id,)
    if isinstance(event, ReportFiled) and not event.protected:
        return (event.report_id,) if CLOSED in (event.text, event.point) else ()
    return keys_with_course(event)


def apply_to_kept(rows: Rows, recorded: RecordedEvent) -> None:
    """Where sources are public most of what is settled has no row, and nothing else is asked."""
    event = recorded.event
    if not isinstance(event, Settled) or event.report_id in rows:
        apply_with_points(rows, recorded)


with_all_keys = ReadModel(
    "kept_v3",
    INTAKE,
    _rows("kept_v3"),
    keys_with_course,
    apply_with_points,
    without_points,
    sorts,
)
TAKES = frozenset(
    each for each in EVENT_TYPES.values() if issubclass(each, ReportEvent | PersonEvent)
)
"""Any of them may have something sealed, also one that is yet to come."""

read_model = ReadModel(
    "kept_v4", INTAKE, kept, keys_of_kept, apply_to_kept, with_all_keys, sorts, takes=TAKES
)
