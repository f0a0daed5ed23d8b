"""What of a member's events is a day of work that others confirmed, or of work that was refuted."""

from datetime import date
from typing import Literal, NamedTuple

from shared.contracts.event import Event
from shared.contracts.member import (
    FindingCredited,
    OutcomeTakenBack,
    RefutationNoted,
    ReportCredited,
)

Kind = Literal["report", "finding", "refuted"]


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
