"""Days of work that others confirmed or refuted, as events tell them, and which are recent."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from shared.contracts.event import Event
from shared.contracts.member import (
    FindingCredited,
    OutcomeTakenBack,
    RefutationNoted,
    ReportCredited,
)

Kind = Literal["report", "finding", "refuted"]


RECENT_DAYS, SPANS_BEFORE = 90, 3
"""What is recent, and how many times as long the past is that it is compared with."""


class Workday(NamedTuple):
    """What one confirmer said of one day, place and sector; nobody is named for findings and
    refutations."""

    member_id: str
    on: date
    kind: Kind
    confirmer: str
    sector: str
    place: str


def told_by(event: Event) -> tuple[Workday, int] | None:
    """With 1, or -1 where it is taken back. What is confidential is left out: whoever sees a list
    would read of it where there is little else."""
    if getattr(event, "confidential", True):
        return None
    match event:
        case ReportCredited(member_id=member, on=on, confirmer=by):
            return Workday(member, on, "report", by, event.sector, event.place), 1
        case FindingCredited(member_id=member, on=on):
            return Workday(member, on, "finding", "", event.sector, event.place), 1
        case RefutationNoted(member_id=member, on=on):
            return Workday(member, on, "refuted", "", event.sector, event.place), 1
        case OutcomeTakenBack(member_id=member, on=on, outcome="confirmed", confirmer=by):
            return Workday(member, on, "report", by, event.sector, event.place), -1
        case OutcomeTakenBack(member_id=member, on=on):
            return Workday(member, on, "refuted", "", event.sector, event.place), -1
        case _:
            return None


class Span(NamedTuple):
    """The days that are recent, and those before, each counted with both ends."""

    before: date
    since: date
    until: date


def span(newest: date) -> Span:
    """Up to the newest day in the log: no clock makes anybody rise or fall."""
    since = newest - timedelta(RECENT_DAYS - 1)
    return Span(since - timedelta(RECENT_DAYS * SPANS_BEFORE), since, newest)
