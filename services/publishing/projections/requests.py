"""Reports and checks as requests that clients of Open311 ask for; from what is public only.

Of a report that was released with others the outcome is public under an id of its own, so nobody
learns here what came of it. Which check follows from which report is not public.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import (
    CheckHalved,
    ClaimRefuted,
    ClaimUpheld,
    PublicCheckingEvent,
)
from shared.contracts.public_clock import PublicClockEvent
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows

metadata = MetaData()

REPORT, CHECK = "report", "check"
HALF_FIXED, REOPENED = "half fixed", "reopened"
"""What came of a report that is open still, or of report or check that is so again."""
HALF_DONE = "half done"
TO_NOON = timedelta(hours=12)
"""What is public is recorded at midnight somewhere; at its noon it is that day in UTC as well."""


def _rows(name: str, *more: Column[Any]) -> Table:
    """`on` is the day of the request; none as long as it is none, or once it is withdrawn."""
    table = Table(
        name,
        metadata,
        Column("id", String(32), primary_key=True),
        Column("about", String(6), nullable=False),
        Column("place", String(120), nullable=False),
        Column("sector", String(60)),
        Column("on", Date),
        Column("updated_on", Date),
        Column("closed_on", Date),
        Column("outcome", String(10)),
        Column("due_on", Date),
        Column("overdue_on", Date),
        Column("owner", String(300)),
        Column("task", String(300)),
        Column("token", String(64)),
        Column("withdrawn", Boolean, nullable=False),
        *more,
    )
    own = table.c
    Index(f"{name}_by_day", own.about, own.on, own.id)
    Index(f"{name}_of_sector", own.about, own.sector, own.on, own.id)
    Index(f"{name}_of_place", own.about, own.place, own.on, own.id)
    is_given = own.token.is_not(None)
    Index(f"{name}_by_token", own.token, sqlite_where=is_given, postgresql_where=is_given)
    return table


def _corroborated() -> Column[Any]:
    return Column("corroborated", Integer, nullable=False)


def _with_points(name: str) -> Table:
    points = Column("latitude", Float), Column("longitude", Float)
    table = _rows(name, _corroborated(), *points)
    Index(f"{name}_closed", table.c.about, table.c.closed_on, table.c.id)
    return table


requests = _with_points("requests_v4")

NO_POINT: Row = {"latitude": None, "longitude": None}
UNSAID: Row = {
    **dict.fromkeys(("on", "updated_on", "closed_on", "outcome", "due_on", "overdue_on")),
    **dict.fromkeys(("owner", "task", "token")),
}
OUTCOMES: dict[type[Event], str] = {
    public.ReportConfirmed: "confirmed",
    public.ReportRefuted: "refuted",
}


def keys(event: Event) -> Collection[str]:
    shown = (
        public.PublicReportEvent
        | public.PublicCheckEvent
        | public.CheckWordsPassed
        | public.PublicWithdrawn
    )
    return (event.aggregate_id,) if isinstance(event, shown) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept, and nothing is taken in any more."""
    event = recorded.event
    row = rows.setdefault(event.aggregate_id, _unheard(event))
    if row["withdrawn"]:
        return
    if isinstance(event, public.PublicWithdrawn):
        row |= UNSAID | {"withdrawn": True}
        return
    day = _day_of(recorded)
    row |= _said(event, day, row)
    row["updated_on"] = max(day, row["updated_on"] or day)


def _said(event: Event, day: date, row: Row) -> Row:
    match event:
        case public.ReportFiled():
            where = {"place": event.place, "sector": event.sector}
            return where | {"on": event.on, "token": event.token}
        case public.ReportConfirmed() | public.ReportRefuted():
            return {"closed_on": event.on, "outcome": OUTCOMES[type(event)]}
        case public.CheckOpened():
            return {"on": day, "due_on": event.due_on, "owner": event.owner or row["owner"]}
        case public.DoneClaimed() if row["closed_on"] is None:
            return {"closed_on": event.done_on, "outcome": "done late" if event.late else "done"}
        case public.OverdueWithdrawn():
            return {"closed_on": event.done_on, "outcome": "done", "overdue_on": None}
        case public.CheckOverdue():
            return {"overdue_on": day, "task": event.task or row["task"]}
        case public.CheckWordsPassed():
            return {"owner": event.owner, "task": row["task"] or event.task}
        case _:
            return {}


def _unheard(event: Any) -> Row:
    is_report = isinstance(event, public.PublicReportEvent) or (
        isinstance(event, public.PublicWithdrawn) and event.what == REPORT
    )
    return UNSAID | {
        "id": event.aggregate_id,
        "about": REPORT if is_report else CHECK,
        "place": event.place,
        "sector": event.sector,
        "withdrawn": False,
    }


def _day_of(recorded: RecordedEvent) -> date:
    event = recorded.event
    if isinstance(event, public.PublicReportEvent):
        return event.on
    return (recorded.recorded_at + TO_NOON).date()


def keys_with_news(event: Event) -> Collection[str]:
    return (event.report,) if isinstance(event, public.PublicReportNews) else keys(event)


def apply_with_news(rows: Rows, recorded: RecordedEvent) -> None:
    """`corroborated` is by how many, as far as is public."""
    event = recorded.event
    if not isinstance(event, public.PublicReportNews):
        apply(rows, recorded)
        row = rows[event.aggregate_id]
        row["corroborated"] = 0 if row["withdrawn"] else row.get("corroborated", 0)
    elif (known := rows.get(event.report)) and not known["withdrawn"]:
        known |= _news(event, known)
        known["updated_on"] = max(event.on, known["updated_on"] or event.on)


def _news(event: public.PublicReportNews, row: Row) -> Row:
    match event:
        case public.ReportHalfFixed():
            return {"outcome": HALF_FIXED}
        case public.ReportReopened():
            return {"closed_on": None, "outcome": REOPENED}
        case _:
            return {"corroborated": row["corroborated"] + 1}


without_news = ReadModel("requests_v1", log_of("public"), _rows("requests_v1"), keys, apply)
without_points = ReadModel(
    "requests_v2",
    log_of("public"),
    _rows("requests_v2", _corroborated()),
    keys_with_news,
    apply_with_news,
    without_news,
)


def apply_with_points(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    apply_with_news(rows, recorded)
    if (row := rows.get(event.aggregate_id)) is None:
        return
    point: Row = {name: row.get(name) for name in NO_POINT}
    if isinstance(event, public.ReportFiled):
        point = {"latitude": event.latitude, "longitude": event.longitude}
    row |= NO_POINT if row["withdrawn"] else point


without_owners = ReadModel(
    "requests_v3",
    log_of("public"),
    _with_points("requests_v3"),
    keys_with_news,
    apply_with_points,
    without_points,
)


def keys_with_owners(event: Event) -> Collection[str]:
    if isinstance(event, public.CheckHandedOver | PublicClockEvent | PublicCheckingEvent):
        return (event.check,)
    return keys_with_news(event)


def apply_with_owners(rows: Rows, recorded: RecordedEvent) -> None:
    """By who has it now, as it is due now, and what checkers found; that it went further up changes
    nothing."""
    match recorded.event:
        case public.CheckHandedOver() as event:
            if (row := rows.get(event.check)) and not row["withdrawn"]:
                on = max(event.on, row["updated_on"] or event.on)
                row |= {"owner": event.to, "updated_on": on}
        case PublicClockEvent() as event:
            if (row := rows.get(event.check)) and not row["withdrawn"]:
                row |= {"due_on": event.due_on, "updated_on": _day_of(recorded)}
        case PublicCheckingEvent() as event:
            if (row := rows.get(event.check)) and not row["withdrawn"]:
                day = _day_of(recorded)
                row |= _settled(event) | {"updated_on": max(day, row["updated_on"] or day)}
        case public.CheckOverdue() as event if event.tier > 1:
            return
        case _:
            apply_with_points(rows, recorded)


def _settled(event: PublicCheckingEvent) -> Row:
    """What checkers found undone is open again; half done it is closed, for the rest is another."""
    match event:
        case ClaimRefuted():
            return {"closed_on": None, "outcome": REOPENED}
        case ClaimUpheld():
            return {"closed_on": event.done_on, "outcome": "done late" if event.late else "done"}
        case CheckHalved():
            return {"closed_on": event.on, "outcome": HALF_DONE}
        case _:
            return {}


read_model = ReadModel(
    "requests_v4", log_of("public"), requests, keys_with_owners, apply_with_owners, without_owners
)
