"""The board of places as older versions made it: it knows of nothing that was withdrawn."""

from collections.abc import Collection

from sqlalchemy import Column, Integer, MetaData, String, Table

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows

metadata = MetaData()

FIGURES = ("reports", "confirmed", "refuted", "checks", "done_in_time", "overdue", "still_overdue")

board = Table(
    "board_v1",
    metadata,
    Column("place", String(120), primary_key=True),
    *(Column(figure, Integer, nullable=False) for figure in FIGURES),
)


def keys(event: Event) -> Collection[str]:
    shown = isinstance(event, public.PublicReportEvent | public.PublicCheckEvent)
    return (event.place,) if shown else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if event.place not in rows:
        rows[event.place] = {"place": event.place, **dict.fromkeys(FIGURES, 0)}
    row = rows[event.place]
    match event:
        case public.ReportFiled():
            row["reports"] += 1
        case public.ReportConfirmed():
            row["confirmed"] += 1
        case public.ReportRefuted():
            row["refuted"] += 1
        case public.CheckOpened():
            row["checks"] += 1
        case public.CheckOverdue():
            row["overdue"] += 1
            row["still_overdue"] += 1
        case public.DoneClaimed(late=True):
            row["still_overdue"] -= 1
        case public.DoneClaimed():
            row["done_in_time"] += 1
        case public.OverdueWithdrawn():
            row["overdue"] -= 1
            row["still_overdue"] -= 1


read_model = ReadModel("board_v1", log_of("public"), board, keys, apply)
