"""The control of one commitment: opened with an owner and a due date, claimed done, or overdue."""

from dataclasses import dataclass, replace

from services.intake.domain.appeal import AskForAppeal, appealed
from services.intake.domain.check_public import Privileged, of_what_is_public
from services.intake.domain.check_state import Check, Opened, Unknown, evolve
from services.intake.domain.check_told import common_of, of_claim, of_clock, overdue, told_of
from services.intake.domain.claim_checked import ClaimChecking, HalveCheck, SettleClaim, settled
from services.intake.domain.claiming import ClaimDone, claimed, may_claim
from services.intake.domain.clock import COMMANDS, ClockCommand, turned
from services.intake.domain.handing_over import (
    HandOverCheck,
    NotTheOwnerError,
    NotYetError,
    had_it,
    handed_over,
)
from services.intake.domain.handing_over import Standing as OfOwners
from services.intake.domain.pictures_passed import (
    PassPicture,
    TakePictureBack,
    with_their_pictures,
)
from services.intake.domain.report_state import Filed, Report
from services.intake.domain.shield import LiftShield, OpenFollowing, ShieldCheck, shielded
from services.intake.domain.withdrawal import WithdrawCheck
from services.intake.domain.words import PassWords
from shared.contracts.check import CheckEvent, CheckOpened, CheckReportAwaited
from shared.contracts.checking import CheckingTerms
from shared.contracts.values import CLOCKS_DIFFER_BY, Id, UtcInstant
from shared.eventsourcing.decider import Category, Decider, Look
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """Its fields are those of `CheckOpened`."""

    opened: CheckOpened

    @property
    def check_id(self) -> Id:
        return self.opened.check_id


@dataclass(frozen=True, slots=True)
class RaiseOverdue:
    """Sent by the sweep because `due_at` has passed; decides again from the check itself, so a
    stale sweep is harmless."""

    check_id: Id
    due_at: UtcInstant
    now: UtcInstant


Shielding = OpenFollowing | ShieldCheck
CheckCommand = (
    OpenCheck
    | ClaimDone
    | HandOverCheck
    | RaiseOverdue
    | Shielding
    | ClaimChecking
    | AskForAppeal
    | Privileged
    | ClockCommand
)


class NotOpenedError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(
    command: CheckCommand, check: Check, terms: CheckingTerms | None = None
) -> list[CheckEvent]:
    """By `terms` of the charter claims are checked, if it has any."""
    if isinstance(check, Unknown):
        if isinstance(command, OpenCheck | OpenFollowing):
            return _opened(command)
        raise NotOpenedError("No such commitment was made before.")
    match command:
        case OpenCheck() | OpenFollowing():
            return []  # a repeated command: it is already so
        case ClaimDone():
            done_at = check.checked.done_at(min(command.done_at, command.now))
            if not may_claim(command, done_at, check):
                raise NotTheOwnerError("Only the owner of a commitment can claim it done.")
            if command.done_at > command.now + CLOCKS_DIFFER_BY:
                raise NotYetError("It is claimed done at a time that has not come yet.")
            return [] if check.over else claimed(command, done_at, check, terms)
        case HandOverCheck():
            of_owners = OfOwners(
                check.source, check.task, check.owner, check.overdue, check.over, check.held
            )
            return [*handed_over(command, told_of(command.check_id, check), of_owners)]
        case RaiseOverdue():
            is_over = check.over or check.overdue or check.clock.paused_at is not None
            is_due = command.now > check.due_at == command.due_at
            return [overdue(command.check_id, check)] if is_due and not is_over else []
        case SettleClaim() | HalveCheck() | AskForAppeal():
            return _of_claim(command, check)
        case ShieldCheck():
            common = common_of(command.check_id, check)
            events = [*shielded(command, common, check.source, check.task, check.shield)]
            return with_their_pictures([*events], common, check.pictures)
        case WithdrawCheck() | PassWords() | LiftShield() | PassPicture() | TakePictureBack():
            return of_what_is_public(command, check)
        case _:
            return turned(command, told_of(command.check_id, check), of_clock(check))


def _opened(command: OpenCheck | OpenFollowing) -> list[CheckEvent]:
    """That it is shielded its source can not say."""
    opened = command.opened
    if opened.shielded:
        opened = opened.model_copy(update={"shielded": False})
    if isinstance(command, OpenCheck):
        return [opened]
    if command.is_confidential:
        return [opened.model_copy(update={"confidential": True, "shielded": True})]
    common = {name: getattr(opened, name) for name in CheckEvent.model_fields}
    return [opened, CheckReportAwaited(**common, report_id=opened.report_id or "")]


def _of_claim(command: ClaimChecking | AskForAppeal, check: Opened) -> list[CheckEvent]:
    """Who has it appeals, or had it when it was claimed done."""
    if not isinstance(command, AskForAppeal):
        return settled(command, told_of(command.check_id, check), of_claim(check))
    names, last = (command.owner, *command.names), check.appeals.last
    if check.owner not in names and not (last and had_it(names, last.done_at, check.held)):
        raise NotTheOwnerError("Only the owner of a commitment can appeal against a verdict.")
    return [*appealed(command, common_of(command.check_id, check), check.appeals)]


decider = Decider[CheckCommand, CheckEvent, Check](
    initial_state=Unknown(), decide=decide, evolve=evolve
)


def _followed(command: OpenCheck) -> str | None:
    """The report that has a say: what its source calls confidential needs none."""
    return None if command.opened.confidential else command.opened.report_id


def _seen(command: OpenCheck, report: Report) -> OpenCheck | OpenFollowing:
    if isinstance(report, Filed) and not report.confidential:
        return command
    return OpenFollowing(command.opened, is_confidential=isinstance(report, Filed))


def _is_filed(report: Report) -> bool:
    return isinstance(report, Filed)


category = Category(
    service="intake",
    name="check",
    decider=decider,
    commands=(OpenCheck, ClaimDone, RaiseOverdue),
    inner=(
        *(HandOverCheck, AskForAppeal, ShieldCheck, WithdrawCheck, PassWords, LiftShield),
        *(SettleClaim, HalveCheck, PassPicture, TakePictureBack),
        *COMMANDS,
    ),
    key="check_id",
    opens=lambda command: isinstance(command, OpenCheck),
    look=Look(OpenCheck, "report", _followed, _seen, _is_filed),
)


def checked_by(terms: CheckingTerms | None) -> Category:
    """All checks, whose claims are checked by these terms, whichever road they come."""
    if terms is None:
        return category
    by_terms = replace(decider, decide=lambda command, check: decide(command, check, terms))
    return replace(category, decider=by_terms)
