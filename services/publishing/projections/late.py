"""What was ever late: each time until when, and since which days it was known; from what is public
only."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    MetaData,
    String,
    Table,
    Text,
    select,
    true,
)

from services.publishing.projections import late_v1, overdue
from shared.contracts import public
from shared.contracts.public_checking import CheckHalved, ClaimRefuted, ClaimUpheld
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import row_of, rows_of, version

metadata = MetaData()


def _rows(name: str) -> Table:
    """`turns` at being late: due day, known since, cleared since; `claims`: done on, known since,
    refuted since. Days as ISO has them. `due_on` is the earliest of all turns."""
    table = Table(
        name,
        metadata,
        Column("check", String(32), primary_key=True),
        Column("place", String(120)),
        Column("due_on", Date),
        Column("turns", Text, nullable=False),
        Column("claims", Text, nullable=False),
        Column("withdrawn", Boolean, nullable=False),
    )
    Index(f"{name}_by_due", table.c.due_on, table.c.check)
    return table


late = _rows("late_v3")

Key = tuple[date, str]
LOOKED_AT = 5_000
"""So many rows for a page, however few of them were late then."""
TO_NOON = timedelta(hours=12)
"""What is public is recorded at midnight somewhere; at its noon it is that day in UTC as well."""


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what was never late, or is withdrawn, nothing is kept. As long as it is late, being raised
    says nothing new; as long as a claim stands, the next one does not."""
    event, on = recorded.event, (recorded.recorded_at + TO_NOON).date().isoformat()
    row = rows.get(event.aggregate_id)
    if isinstance(event, public.PublicWithdrawn):
        gone = {"place": None, "due_on": None, "turns": "[]", "claims": "[]"}
        rows[event.id] = {"check": event.id, "withdrawn": True, **gone}
    elif isinstance(event, public.CheckOverdue) and row is None and event.tier == 1:
        said = {"place": event.place, "turns": "[]", "claims": "[]", "withdrawn": False}
        rows[event.check] = _raised({"check": event.check, "due_on": None, **said}, event, on)
    elif row is None or row["withdrawn"]:
        return
    elif isinstance(event, public.CheckOverdue) and event.tier == 1:
        rows[event.check] = _raised(row, event, on)
    elif isinstance(event, public.DoneClaimed | ClaimUpheld):
        row["claims"] = _begun(row["claims"], event.done_on.isoformat(), on)
    elif isinstance(event, ClaimRefuted):
        row["claims"] = _ended(row["claims"], on)
    elif isinstance(event, public.OverdueWithdrawn):
        row["turns"] = _ended(row["turns"], on)


def _raised(row: Row, event: public.CheckOverdue, on: str) -> Row:
    turns = _begun(row["turns"], event.due_on.isoformat(), on)
    is_first = turns != row["turns"] and (not row["due_on"] or event.due_on < row["due_on"])
    return row | {"turns": turns, "due_on": event.due_on if is_first else row["due_on"]}


def _begun(written: str, day: str, on: str) -> str:
    spans = json.loads(written)
    stands = bool(spans) and spans[-1][2] is None
    return written if stands else json.dumps([*spans, [day, on, None]])


def _ended(written: str, on: str) -> str:
    spans = json.loads(written)
    if spans and spans[-1][2] is None:
        spans[-1][2] = on
    return json.dumps(spans)


unhalved = ReadModel(
    "late_v2",
    log_of("public"),
    _rows("late_v2"),
    late_v1.keys,
    apply,
    late_v1.read_model,
    takes=late_v1.TAKES,
)


def apply_with_halves(rows: Rows, recorded: RecordedEvent) -> None:
    """What was halved is late no more, as by a claim that stands: its rest is, once that is."""
    apply(rows, recorded)
    event = recorded.event
    row = rows.get(event.aggregate_id)
    if isinstance(event, CheckHalved) and row and not row["withdrawn"]:
        on = (recorded.recorded_at + TO_NOON).date().isoformat()
        row["claims"] = _begun(row["claims"], event.on.isoformat(), on)


read_model = ReadModel(
    "late_v3",
    log_of("public"),
    late,
    late_v1.keys,
    apply_with_halves,
    unhalved,
    takes=late_v1.TAKES | {CheckHalved},
)


def on_day(
    connection: Connection,
    day: date,
    known: date,
    places: Collection[str] | None,
    after: Key | None,
    limit: int,
) -> tuple[Sequence[Any], Key | None]:
    """(check, place, owner, due day) of what was late at the end of a day, as far as was public at
    the end of the day `known`; of some places or all, by the earliest due day. `owner` is as it is
    known today. And behind which it goes on, if it does: at most so many rows are looked at for a
    page, so fewer may be found than asked for, and more be there.
    """
    if version(connection, read_model) is late_v1.read_model:
        return late_v1.on_day(connection, day, known, places, after, limit)
    rows = rows_of(connection, read_model).c
    by_due = rows.due_on, rows.check
    where = rows.due_on < day, beyond(after, *by_due)
    looked_at = select(rows.check.table).where(*where).order_by(*by_due).limit(LOOKED_AT).subquery()
    seen = looked_at.c
    within = true() if places is None else seen.place.in_(places)
    found, onward = list[Row](), None
    chosen = select(looked_at).where(within).order_by(seen.due_on, seen.check)
    for row in connection.execute(chosen).mappings():
        if (due_on := _late_on(row, day.isoformat(), known.isoformat())) is None:
            continue
        if len(found) == limit:
            onward = found[-1]["key"]
            break
        found.append({**row, "due_on": due_on, "key": (row["due_on"], row["check"])})
    if onward is None:
        ended = select(*by_due).where(*where).order_by(*by_due).offset(LOOKED_AT - 1).limit(1)
        last = connection.execute(ended).first()
        onward = (last.due_on, last.check) if last else None
    owners = _owners(connection, [row["check"] for row in found])
    told = [(row["check"], row["place"], owners.get(row["check"]), row["due_on"]) for row in found]
    return told, onward


@dataclass(frozen=True)
class Known:
    """From the day `since` on it was known that it was late once `day` was over, or done on it; no
    more from the day `until` on."""

    what: Literal["late", "done"]
    day: date
    since: date
    until: date | None


def known_of(connection: Connection, check: str) -> list[Known]:
    """Of a check that was ever late, in the order in which it became known."""
    if version(connection, read_model) is late_v1.read_model:
        return []
    row = row_of(connection, read_model, check)
    if row is None or row["withdrawn"]:
        return []
    late, done = _known("late", row["turns"]), _known("done", row["claims"])
    return sorted([*late, *done], key=lambda each: (each.since, each.what == "late"))


def _known(what: Literal["late", "done"], written: str) -> Iterator[Known]:
    read = date.fromisoformat
    for day, since, until in json.loads(written):
        yield Known(what, read(day), read(since), read(until) if until else None)


def _late_on(row: Any, day: str, known: str) -> date | None:
    """Since which due day it was late then; None where it was not, or nobody knew."""
    due_on = [due for due, since, until in _stood(row["turns"], known) if due < day]
    done = [each for each, _, _ in _stood(row["claims"], known) if each <= day]
    return date.fromisoformat(due_on[0]) if due_on and not done else None


def _stood(written: str, known: str) -> list[tuple[str, str, str | None]]:
    """Of what was known then, what was not taken back by then."""
    spans = json.loads(written)
    return [each for each in spans if each[1] <= known and (each[2] is None or each[2] > known)]


def _owners(connection: Connection, checks: Sequence[str]) -> dict[str, str | None]:
    words = rows_of(connection, overdue.read_model).c
    chosen = select(words.check, words.owner).where(words.check.in_(checks))
    return {row.check: row.owner for row in connection.execute(chosen)}
