"""What an upstream message asks of a commitment's check, but for its clock."""

from datetime import datetime

from services.intake.domain.appeal import AskForAppeal
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import Due, DueRules, NoRuleError, TooLateError
from services.intake.domain.handing_over import HandOverCheck
from shared.contracts.check import CheckOpened
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import (
    CommitmentDone,
    CommitmentHandedOver,
    CommitmentMade,
    VerdictAppealed,
)
from shared.contracts.party import Parties
from shared.contracts.receipt import Fault
from shared.eventsourcing.inbox.parse import RefusalError

NO_RULE = (
    "Say due_at or due_on: no rule of the charter says by when such a commitment is due (due.toml)."
)


def by_its_owner(
    source: str,
    said: CommitmentDone | CommitmentHandedOver | VerdictAppealed,
    now: datetime,
    parties: Parties,
    *,
    is_trusted: bool,
    came_at: datetime | None = None,
) -> ClaimDone | HandOverCheck | AskForAppeal:
    """How the charter calls a party an editor has not to pass."""
    check_id = aggregate_id("check", source, said.commitment)
    owner, names = parties.owner(said.owner), parties.other_names(said.owner)
    if isinstance(said, CommitmentDone):
        return ClaimDone(check_id, owner, said.done_at, now, names, came_at)
    if isinstance(said, VerdictAppealed):
        return AskForAppeal(check_id, owner, said.reason, now, names, came_at)
    return HandOverCheck(
        check_id,
        owner,
        parties.owner(said.to),
        said.reason,
        said.handed_over_at,
        now,
        names,
        told=is_trusted or parties.of(said.to) is not None,
        explained=is_trusted,
    )


def opened(
    source: str, said: CommitmentMade, parties: Parties, rules: DueRules, *, passed: bool
) -> CheckOpened:
    due, owner = _due(said, rules), parties.owner(said.owner)
    return CheckOpened(
        check_id=aggregate_id("check", source, said.commitment),
        source=source,
        source_id=said.commitment,
        report_id=said.report and aggregate_id("report", source, said.report),
        owner=owner,
        task=said.task,
        place=said.place,
        sector=said.sector,
        confidential=said.confidential,
        passed=passed,
        opened_at=said.made_at,
        due_at=due.at,
        reckoning=due.reckoning,
    )


def _due(said: CommitmentMade, rules: DueRules) -> Due:
    if said.due_at is not None:
        return Due(said.due_at)
    try:
        if said.due_on is not None:
            return rules.on(said.place, said.due_on)
        return rules.after(said.place, said.sector, said.owner, said.made_at)
    except NoRuleError:
        fault = Fault(detail=NO_RULE, pointer="/due_at")
        raise RefusalError("No due date", NO_RULE, fault) from None
    except TooLateError:
        pointer = "/due_on" if said.due_on else "/made_at"
        fault = Fault(detail="It would be due after the year 2999.", pointer=pointer)
        raise RefusalError("No due date", fault.detail, fault) from None
