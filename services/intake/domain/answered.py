"""What a petition or a question obliges to is done by answering it, and by that alone."""

from dataclasses import dataclass

from services.intake.domain.check_state import Opened
from services.intake.domain.claiming import ClaimDone
from shared.contracts.petition import SOURCE as PETITIONS
from shared.contracts.question import SOURCE as QUESTIONS
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class ClaimAnswered:
    """The body has answered the petition or question that made the commitment: whoever owns it now
    has done it."""

    check_id: Id
    done_at: UtcInstant
    now: UtcInstant


class AnswerItError(DomainError):
    """It is no owner's to claim done."""


def claim_of(command: ClaimAnswered | ClaimDone, check: Opened) -> ClaimDone:
    """Raises AnswerItError. A clock that is ahead of ours answers now."""
    if isinstance(command, ClaimAnswered):
        done_at, now = min(command.done_at, command.now), command.now
        return ClaimDone(command.check_id, check.owner, done_at, now)
    if check.source == PETITIONS and check.source_id == command.check_id:
        raise AnswerItError("A petition is answered on its page; that does it.")
    if check.source == QUESTIONS and check.source_id == command.check_id:
        raise AnswerItError("A question is answered at its desk; that does it.")
    return command
