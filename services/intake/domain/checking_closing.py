"""How a checking ends: with a verdict, what is left of a half, and credits."""

from datetime import datetime, timedelta

from services.intake.domain.checking_state import Open, changed
from shared.contracts.checking import (
    CheckerCredited,
    CheckingClosed,
    CheckingEvent,
    Verdict,
    VerdictReached,
)
from shared.contracts.identity import aggregate_id

LONGEST_OF_SOURCE = 180


def verdict_of(checking: Open, verdict: Verdict | None, now: datetime) -> list[CheckingEvent]:
    """None where nobody is left who may be drawn. One after an appeal is final."""
    reached = VerdictReached(
        **checking.common,
        stage=checking.stage,
        verdict=verdict or _in_doubt(checking),
        undecided=verdict is None,
        agreed=_who_found(checking, verdict),
        done_at=checking.opened.claimed_at,
        reached_at=now,
    )
    if checking.stage == "first":
        return [reached]
    return [reached, *closing(changed(checking, reached), now)]


def _in_doubt(checking: Open) -> Verdict:
    """The first verdict stands unless another one agrees. What somebody saw undone is not done,
    else it would be worth an owner's while that checkers can not agree."""
    if checking.first is not None:
        return checking.first.verdict
    found = checking.found()
    return "not done" if found["not done"] or found["half done"] else "cannot tell"


def _who_found(checking: Open, verdict: Verdict | None) -> tuple[str, ...]:
    seats = checking.of_stage().items()
    return tuple(sorted(who for who, seat in seats if verdict and seat.verdict == verdict))


def closing(checking: Open, now: datetime) -> list[CheckingEvent]:
    """Who found what the final verdict says is credited, at either stage, if enough agreed."""
    if checking.verdict is None or checking.first is None:
        raise TypeError("no verdict to be final")
    half, opened = checking.verdict == "half done", checking.opened
    is_past = now > opened.due_at
    rest_due_at = now + timedelta(days=opened.terms.rest_days) if is_past else opened.due_at
    closed = CheckingClosed(
        **checking.common,
        verdict=checking.verdict,
        undecided=checking.undecided and checking.first.undecided,
        rest_id=aggregate_id("check", opened.source, rest_of(checking)) if half else None,
        rest_due_at=rest_due_at if half else None,
        rest_source_id=rest_of(checking) if half else None,
        source=opened.source,
        owner=opened.owner,
        task=opened.task,
        closed_at=now,
    )
    if closed.undecided:
        return [closed]
    found = sorted(who for who, seat in checking.seats.items() if seat.verdict == closed.verdict)
    return [
        closed,
        *(CheckerCredited(**checking.common, member_id=who, credited_at=now) for who in found),
    ]


def rest_of(checking: Open) -> str:
    """What the source calls the commitment that is left."""
    opened = checking.opened
    return f"{opened.source_id[:LONGEST_OF_SOURCE]}/rest-{opened.checking_id[:8]}"
