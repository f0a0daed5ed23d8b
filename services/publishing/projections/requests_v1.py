"""Requests as the version before kept them: without a point."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    MetaData,
    String,
    Table,
)

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows

metadata = MetaData()

REPORT, CHECK = "report", "check"
TO_NOON = timedelta(hours=12)
"""What is public is recorded at midnight somewhere; at its noon it is that day in UTC as well."""

requests = Table(
    "requests_v1",
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
)
"""`on` is the day of the request; none as long as it is none, or once it is withdrawn."""

Index("requests_v1_by_day", requests.c.about, requests.c.on, requests.c.id)
Index("requests_v1_of_sector", requests.c.about, requests.c.sector, requests.c.on, requests.c.id)
Index("requests_v1_of_place", requests.c.about, requests.c.place, requests.c.on, requests.c.id)
Index(
    "requests_v1_by_token",
    requests.c.token,
    sqlite_where=requests.c.token.is_not(None),
    postgresql_where=requests.c.token.is_not(None),
)

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


read_model = ReadModel("requests_v1", log_of("public"), requests, keys, apply)
