"""What a verdict of checkers makes of the row of a check: open again, done after all, or halved."""

from shared.contracts.public_checking import (
    CheckHalved,
    ClaimRefuted,
    ClaimUpheld,
    PublicCheckingEvent,
)
from shared.eventsourcing.projections.read_model import Row

UNHALVED: Row = {"halved_on": None, "rest": None}
UNRAISED: Row = {
    **dict.fromkeys(("event_id", "raised_at", "raised", "changed_at", "changed", "sequence")),
    "cleared": False,
}
"""What was taken back is raised again after a refutation, as if it had never been."""


def apply(row: Row, event: PublicCheckingEvent) -> None:
    match event:
        case ClaimRefuted():
            row |= {"done_on": None, "late": None}
            row |= UNRAISED if row["cleared"] else {}
        case ClaimUpheld():
            row |= {"done_on": event.done_on, "late": event.late}
        case CheckHalved():
            row |= {"done_on": None, "late": None, "halved_on": event.on, "rest": event.rest}
        case _:
            return
