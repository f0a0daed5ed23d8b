"""The control of one commitment: opened with an owner and a due date, claimed done, or overdue."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.intake.domain import clock as clocks
from services.intake.domain.appeal import NO_APPEALS, Appeals, AskForAppeal, appealed
from services.intake.domain.claim_checked import (
    ClaimChecking,
    HalveCheck,
    SettleClaim,
    asked,
    released,
    settled,
)
from services.intake.domain.claim_state import UNCHECKED, Checked, ClaimEvent, done_after
from services.intake.domain.claim_state import Standing as OfClaim
from services.intake.domain.clock import Clock, ClockCommand, started, ticked, turned
from services.intake.domain.handing_over import (
    HandOverCheck,
    Held,
    NotTheOwnerError,
    NotYetError,
    had_it,
    handed_over,
)
from services.intake.domain.handing_over import Standing as OfOwners
from services.intake.domain.report_state import Filed, Report
from services.intake.domain.shield import (
    NO_SHIELD,
    SHIELDED,
    LiftShield,
    OpenFollowing,
    Shield,
    ShieldCheck,
    Standing,
    lifted,
    shielded,
)
from services.intake.domain.withdrawal import WithdrawCheck, withdraws
from services.intake.domain.words import PassWords, passed
from services.intake.domain.words import Standing as OfWords
from shared.contracts.check import (
    CheckEvent,
    CheckOpened,
    CheckOverdue,
    CheckReportAwaited,
    CheckShielded,
    CheckWithdrawn,
    CheckWordsPassed,
    DoneClaimed,
    OverdueWithdrawn,
    ShieldLifted,
)
from shared.contracts.checking import CheckingTerms
from shared.contracts.clock import CheckResumed, DueDateMoved
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.petition import SOURCE as PETITIONS
from shared.contracts.values import CLOCKS_DIFFER_BY, Id, Line, UtcInstant
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
class ClaimDone:
    """`names` are others by which its owner is known. It was said at `came_at`, if that was before
    `now`: an inbox may have stood still."""

    check_id: Id
    owner: Line
    done_at: UtcInstant
    now: UtcInstant
    names: tuple[Line, ...] = ()
    came_at: UtcInstant | None = None


@dataclass(frozen=True, slots=True)
class ClaimAnswered:
    """The body has answered the petition that made the commitment: whoever owns it now has done
    it."""

    check_id: Id
    done_at: UtcInstant
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class RaiseOverdue:
    """Sent by the sweep because `due_at` has passed; decides again from the check itself, so a
    stale sweep is harmless."""

    check_id: Id
    due_at: UtcInstant
    now: UtcInstant


Privileged = WithdrawCheck | PassWords | LiftShield
Shielding = OpenFollowing | ShieldCheck
CheckCommand = (
    OpenCheck
    | ClaimDone
    | ClaimAnswered
    | HandOverCheck
    | RaiseOverdue
    | Shielding
    | ClaimChecking
    | AskForAppeal
    | Privileged
    | ClockCommand
)

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Opened:
    """`confidential` as its source said. Once it is `withdrawn`, what follows is confidential: its
    owner and task are; so it is as long as its `shield` holds. Until they are `passed` these are
    public in nothing. Others `held` it before its owner did."""

    source: str
    source_id: str
    place: str
    sector: str
    confidential: bool
    owner: str
    task: str
    due_at: datetime
    clock: Clock
    overdue: bool = False
    done_at: datetime | None = None
    withdrawn: bool = False
    passed: bool = False
    shield: Shield = NO_SHIELD
    report_id: str | None = None
    checked: Checked = UNCHECKED
    appeals: Appeals = NO_APPEALS
    held: tuple[Held, ...] = ()

    @property
    def done(self) -> bool:
        return self.done_at is not None

    @property
    def over(self) -> bool:
        """Done, or what was left of it goes on as another."""
        return self.done or self.checked.halved

    @property
    def late(self) -> bool:
        """Done after it was due; while its clock is paused it is not due."""
        return bool(self.done_at and self.done_at > self.due_at and not self.clock.paused_at)

    @property
    def hidden(self) -> bool:
        return self.confidential or self.shield.holds


Check = Unknown | Opened


class NotOpenedError(DomainError):
    pass


class AnswerItError(DomainError):
    """What a petition obliges to is done by answering it."""


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
        case ClaimAnswered() | ClaimDone():
            return _done(command, check, terms)
        case HandOverCheck():
            of_owners = OfOwners(
                check.source, check.task, check.owner, check.overdue, check.over, check.held
            )
            return [*handed_over(command, _told(command.check_id, check), of_owners)]
        case RaiseOverdue():
            is_over = check.over or check.overdue or check.clock.paused_at is not None
            is_due = command.now > check.due_at == command.due_at
            return [_overdue(command.check_id, check)] if is_due and not is_over else []
        case SettleClaim() | HalveCheck() | AskForAppeal():
            return _of_claim(command, check)
        case ShieldCheck():
            common = _common(command.check_id, check)
            return [*shielded(command, common, check.source, check.task, check.shield)]
        case WithdrawCheck() | PassWords() | LiftShield():
            return _of_what_is_public(command, check)
        case _:
            return turned(command, _told(command.check_id, check), _standing(check))


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


def _done(
    command: ClaimAnswered | ClaimDone, check: Opened, terms: CheckingTerms | None
) -> list[CheckEvent]:
    """Its owner says so; what a petition obliges to is done by answering it, and by that alone."""
    if isinstance(command, ClaimAnswered):
        check_id, done_at, now = command.check_id, command.done_at, command.now
        command = ClaimDone(check_id, check.owner, min(done_at, now), now)
    elif (check.source, check.source_id) == (PETITIONS, command.check_id):
        raise AnswerItError("A petition is answered on its page; that does it.")
    done_at = check.checked.done_at(min(command.done_at, command.now))
    if not _may_claim(command, done_at, check):
        raise NotTheOwnerError("Only the owner of a commitment can claim it done.")
    if command.done_at > command.now + CLOCKS_DIFFER_BY:
        raise NotYetError("It is claimed done at a time that has not come yet.")
    return [] if check.over else _claimed(command, done_at, check, terms)


def _may_claim(command: ClaimDone, done_at: datetime, check: Opened) -> bool:
    """Also who had it when it was done, and has handed it over since; not for a moment before the
    claim that was refuted, when they perhaps had it."""
    names = command.owner, *command.names
    return check.owner in names or had_it(names, done_at, check.held)


def _claimed(
    command: ClaimDone, done_at: datetime, check: Opened, terms: CheckingTerms | None
) -> list[CheckEvent]:
    """A claim from after the due date proves by itself that the date passed. One from before takes
    back what a sweep has raised meanwhile; where it is to be checked, not before it is upheld, and
    takes effect now. One from a clock a little ahead of ours counts as of now: nothing is late
    before it is."""
    check_id, now = command.check_id, command.now
    told = _told(check_id, check)
    more = {name: getattr(check, name) for name in ("source", "source_id", "task", "report_id")}
    asks = asked(told, terms, more | {"claimed_at": done_at})
    said_at, came_at = None, min(command.came_at or now, now)
    if asks and done_at <= check.due_at < came_at and not check.clock.paused_at:
        done_at, said_at = now, done_at
    late = replace(check, done_at=done_at).late
    claimed = DoneClaimed(**told, done_at=done_at, late=late, said_at=said_at)
    if late and not check.overdue:
        return [_overdue(check_id, check), claimed, *asks]
    if not late and check.overdue:
        withdrawn = OverdueWithdrawn(**told, done_at=done_at)
        return [claimed, withdrawn, *asks]
    return [claimed, *asks]


def _of_claim(command: ClaimChecking | AskForAppeal, check: Opened) -> list[CheckEvent]:
    """Who has it appeals, or had it when it was claimed done."""
    if not isinstance(command, AskForAppeal):
        return settled(command, _told(command.check_id, check), _claim(check))
    names, last = (command.owner, *command.names), check.appeals.last
    if check.owner not in names and not (last and had_it(names, last.done_at, check.held)):
        raise NotTheOwnerError("Only the owner of a commitment can appeal against a verdict.")
    return [*appealed(command, _common(command.check_id, check), check.appeals)]


def _claim(check: Opened) -> OfClaim:
    due = check.due_at, check.overdue, check.done_at, check.checked
    return OfClaim(
        check.source, check.report_id, check.task, *due, paused=check.clock.paused_at is not None
    )


def _overdue(check_id: str, check: Opened) -> CheckOverdue:
    return CheckOverdue(**_told(check_id, check), task=check.task)


def _standing(check: Opened) -> clocks.Standing:
    of_whom = check.place, check.sector, check.owner, check.task
    return clocks.Standing(*of_whom, check.due_at, check.over, check.clock)


def _of_what_is_public(command: Privileged, check: Opened) -> list[CheckEvent]:
    common = _common(command.check_id, check)
    if isinstance(command, LiftShield):
        return _lifted(command, check)
    if isinstance(command, PassWords):
        state = check.hidden, check.withdrawn, check.passed
        words = passed(command, common, OfWords(check.task, check.overdue, *state))
        return [*released(words, check.checked.awaited)]
    if not withdraws(command, confidential=check.hidden, before=check.withdrawn):
        return []
    said = {"role": command.role, "reason": command.reason, "withdrawn_at": command.now}
    return [CheckWithdrawn(**common, **said)]


def _lifted(command: LiftShield, check: Opened) -> list[CheckEvent]:
    after = replace(check, shield=Shield(up=True, lifted=True))
    words = {"source": check.source, "task": check.task}
    done = check.done_at and {"done_at": check.done_at, "late": check.late}
    told = _told(command.check_id, after) | words
    return [*lifted(command, told, check.shield, Standing(check.overdue, done or None))]


def _told(check_id: str, check: Opened) -> dict[str, Any]:
    return _common(check_id, check) | {"passed": check.passed}


def _common(check_id: str, check: Opened) -> dict[str, Any]:
    return {
        "check_id": check_id,
        "place": check.place,
        "sector": check.sector,
        "owner": check.owner,
        "due_at": check.due_at,
        "confidential": check.hidden or check.withdrawn,
        "lifted": check.shield.lifted,
    }


def _ticked(check: Opened, event: CheckEvent) -> Opened:
    clock, appeals = ticked(check.clock, event), check.appeals.after(event)
    if clock is check.clock and appeals is check.appeals:
        return check
    return replace(check, clock=clock, appeals=appeals)


def evolve(check: Check, event: CheckEvent) -> Check:
    if isinstance(check, Opened):
        check = _ticked(check, event)
    if isinstance(check, Opened) and isinstance(event, ClaimEvent):
        done_at = done_after(event, check.done_at)
        return replace(check, done_at=done_at, checked=check.checked.after(event))
    match event, check:
        case CheckOpened(), _:
            return Opened(
                event.source,
                event.source_id,
                event.place,
                event.sector,
                event.confidential and not event.shielded,
                event.owner,
                event.task,
                event.due_at,
                started(event),
                passed=event.passed,
                shield=SHIELDED if event.shielded else NO_SHIELD,
                report_id=event.report_id,
            )
        case ((CheckOverdue() | OverdueWithdrawn()), Opened()):
            return replace(check, overdue=isinstance(event, CheckOverdue))
        case CheckHandedOver(), Opened():
            held = (*check.held, Held(event.owner, event.handed_over_at))
            return replace(check, owner=event.to, passed=event.told, held=held)
        case CheckWithdrawn(), Opened():
            return replace(check, withdrawn=True)
        case CheckWordsPassed(), Opened():
            return replace(check, passed=True)
        case CheckShielded(), Opened():
            return replace(check, shield=SHIELDED)
        case ShieldLifted(), Opened():
            return replace(check, shield=replace(check.shield, lifted=True))
        case ((CheckResumed() | DueDateMoved()), Opened()):
            return replace(check, due_at=event.due_at)
        case _:
            return check


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
        ClaimAnswered,
        *(SettleClaim, HalveCheck),
        *clocks.COMMANDS,
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
