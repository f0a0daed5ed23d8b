"""A claim of done is checked by people drawn by lot, and its check takes what they find."""

from collections.abc import Sequence

from services.intake.domain.check import OpenCheck
from services.intake.domain.checking import AppealAsOwner, BeginChecking, OpenChecking, category
from services.intake.domain.claim_checked import HalveCheck, SettleClaim
from shared.contracts.check import CheckOpened
from shared.contracts.checking import (
    AppealAsked,
    CheckHalved,
    CheckingAsked,
    CheckingAwaited,
    CheckingClosed,
    CheckingOpened,
    CheckingReleased,
    VerdictReached,
)
from shared.contracts.identity import awaited_checking_id, checking_id
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.process import Process
from shared.eventsourcing.reaction import Ask


def take(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case (CheckingAsked() | CheckingAwaited()) as event:
            waits = isinstance(event, CheckingAwaited)
            opened = CheckingOpened(
                checking_id=_awaited(event) if waits else checking_id(recorded.id),
                check_id=event.check_id,
                place=event.place,
                sector=event.sector,
                source=event.source,
                source_id=event.source_id,
                owner=event.owner,
                task=event.task,
                report_id=event.report_id,
                due_at=event.due_at,
                claimed_at=event.claimed_at,
                claim_id=recorded.id,
                claimed_in=recorded.sequence,
                terms=event.terms,
                opened_at=recorded.recorded_at,
            )
            return [Ask(OpenChecking(opened, waits))]
        case CheckingReleased() as event:
            return [Ask(BeginChecking(_awaited(event), event.released_at))]
        case CheckHalved() as event:
            return [Ask(OpenCheck(_rest(event)), "rest")]
        case AppealAsked() as event:
            return [Ask(AppealAsOwner(event.checking_id, event.reason, event.asked_at))]
        case _:
            return []


def _awaited(event: CheckingAsked | CheckingAwaited | CheckingReleased) -> str:
    return awaited_checking_id(event.check_id, event.claimed_at.isoformat())


def then(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case VerdictReached() as event:
            settle = SettleClaim(
                event.check_id,
                event.checking_id,
                event.done_at,
                event.verdict,
                event.undecided,
                event.reached_at,
            )
            return [Ask(settle)]
        case CheckingClosed(rest_id=str(rest)) as event:
            called, due_at = event.rest_source_id or rest, event.rest_due_at or event.closed_at
            of_it = event.check_id, event.checking_id
            return [Ask(HalveCheck(*of_it, rest, called, due_at, event.closed_at), "halve")]
        case _:
            return []


def _rest(event: CheckHalved) -> CheckOpened:
    """A commitment that was withdrawn or is shielded goes on inside; one whose report is found to
    be confidential later is shielded with it."""
    return CheckOpened(
        check_id=event.rest_id,
        source=event.source,
        source_id=event.rest_source_id,
        report_id=event.report_id,
        owner=event.owner,
        task=event.task,
        place=event.place,
        sector=event.sector,
        confidential=event.confidential,
        passed=event.passed,
        opened_at=event.halved_at,
        due_at=event.rest_due_at,
    )


process = Process(
    category=category,
    inputs=(CheckingAsked, CheckingAwaited, CheckingReleased, CheckHalved, AppealAsked),
    take=take,
    events=(VerdictReached, CheckingClosed),
    then=then,
)
