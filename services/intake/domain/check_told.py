"""What all events of a check say, and what its parts ask of it."""

from typing import Any

from services.intake.domain.check_state import Opened
from services.intake.domain.claim_state import Standing as OfClaim
from services.intake.domain.clock_state import Standing as OfClock
from shared.contracts.check import CheckOverdue


def overdue(check_id: str, check: Opened) -> CheckOverdue:
    return CheckOverdue(**told_of(check_id, check), task=check.task)


def told_of(check_id: str, check: Opened) -> dict[str, Any]:
    return common_of(check_id, check) | {"passed": check.passed}


def common_of(check_id: str, check: Opened) -> dict[str, Any]:
    return {
        "check_id": check_id,
        "place": check.place,
        "sector": check.sector,
        "owner": check.owner,
        "due_at": check.due_at,
        "confidential": check.hidden or check.withdrawn,
        "lifted": check.shield.lifted,
    }


def of_claim(check: Opened) -> OfClaim:
    due = check.due_at, check.overdue, check.done_at, check.checked
    return OfClaim(
        check.source, check.report_id, check.task, *due, paused=check.clock.paused_at is not None
    )


def of_clock(check: Opened) -> OfClock:
    of_whom = check.place, check.sector, check.owner, check.task
    return OfClock(*of_whom, check.due_at, check.over, check.clock)
