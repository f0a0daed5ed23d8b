"""What an upstream message asks of a check's clock."""

from datetime import datetime

from services.intake.domain.due import DueRules
from services.intake.domain.more_time import AskForMoreTime
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import (
    CommitmentPaused,
    CommitmentResumed,
    MoreTimeAsked,
    OfClock,
)
from shared.contracts.party import Parties


def of_clock(
    source: str,
    said: OfClock,
    parties: Parties,
    rules: DueRules,
    now: datetime,
    *,
    is_trusted: bool,
) -> PauseCheck | ResumeCheck | AskForMoreTime:
    """What is said of the future counts as of now. No editor has read the reasons of a source that
    is not trusted, also where one has passed owner and task."""
    check_id = aggregate_id("check", source, said.commitment)
    match said:
        case CommitmentPaused():
            return PauseCheck(
                check_id, min(said.paused_at, now), said.reason, now, explained=is_trusted
            )
        case CommitmentResumed():
            return ResumeCheck(
                check_id, min(said.resumed_at, now), said.reason, rules, now, explained=is_trusted
            )
        case MoreTimeAsked():
            owner = parties.owner(said.owner)
            return AskForMoreTime(
                check_id,
                owner,
                said.until,
                said.reason,
                rules,
                now,
                names=parties.other_names(said.owner),
                explained=is_trusted,
            )
