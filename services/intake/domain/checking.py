"""The checking of one claim of done: checkers are drawn, find, and settle it; appealed once."""

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce

from services.intake.domain.checking_looked import LookAtChecking, looked
from services.intake.domain.checking_state import Checking, Open, Seat, Unknown, changed, evolve
from services.intake.domain.finding import GiveFinding, finding_given
from shared.contracts.checking import (
    AppealMade,
    Appellant,
    CheckerAccepted,
    CheckerDeclined,
    CheckingBegun,
    CheckingEvent,
    CheckingOpened,
)
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenChecking:
    """It `waits` where what it is about may not be shown yet."""

    opened: CheckingOpened
    waits: bool = False

    @property
    def checking_id(self) -> Id:
        return self.opened.checking_id


@dataclass(frozen=True, slots=True)
class BeginChecking:
    checking_id: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class AcceptChecking:
    checking_id: Id
    member_id: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class DeclineChecking:
    checking_id: Id
    member_id: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class AppealVerdict:
    checking_id: Id
    by: Appellant
    reason: Line
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class AppealAsOwner:
    """Sent for an owner, who need not have an account."""

    checking_id: Id
    reason: Line
    now: UtcInstant


ByMember = AcceptChecking | DeclineChecking | GiveFinding
OfItself = OpenChecking | BeginChecking | LookAtChecking
CheckingCommand = OfItself | ByMember | AppealVerdict | AppealAsOwner


class NotAskedError(DomainError):
    """Also of what does not exist: whoever was not drawn learns nothing of it."""


class TooLateError(DomainError):
    pass


# --- Decide ---------------------------------------------------------------


def decide(command: CheckingCommand, checking: Checking) -> list[CheckingEvent]:
    found: list[CheckingEvent]
    if isinstance(checking, Unknown):
        if isinstance(command, OpenChecking):
            wake_at = None if command.waits else command.opened.opened_at
            return [command.opened.model_copy(update={"wake_at": wake_at})]
        if isinstance(command, LookAtChecking):
            return []
        raise NotAskedError("Nobody was asked for that.")
    match command:
        case OpenChecking():
            return []  # a repeated command: it is already so
        case BeginChecking(now=now):
            found = [] if checking.begun else [CheckingBegun(**checking.common, begun_at=now)]
        case LookAtChecking():
            found = looked(command, checking)
        case AppealVerdict(by=by, reason=reason):
            found = _appealed(by, reason, checking, command.now)
        case AppealAsOwner(reason=reason):
            found = _appealed("owner", reason, checking, command.now)
        case AcceptChecking() | DeclineChecking() | GiveFinding():
            seat = checking.seats.get(command.member_id)
            if seat is None:
                raise NotAskedError("Nobody was asked for that.")
            found = _by_member(command, checking, seat)
    return _woken(found, checking, command.now)


def _woken(found: list[CheckingEvent], checking: Open, now: UtcInstant) -> list[CheckingEvent]:
    """The last event says when to look again, as of all of them."""
    if not found:
        return []
    wake_at = reduce(changed, found, checking).wake_at(now)
    return [*found[:-1], found[-1].model_copy(update={"wake_at": wake_at})]


def _by_member(command: ByMember, checking: Open, seat: Seat) -> list[CheckingEvent]:
    now, common = command.now, checking.common | {"member_id": command.member_id}
    match command:
        case AcceptChecking():
            if seat.state == "accepted":
                return []
            if seat.state != "asked" or now > seat.until:
                raise TooLateError("Somebody else was asked by now.")
            find_by = now + timedelta(days=checking.terms.find_days)
            return [CheckerAccepted(**common, find_by=find_by, accepted_at=now)]
        case DeclineChecking():
            if not seat.is_live:
                return []
            return [CheckerDeclined(**common, declined_at=now)]
        case GiveFinding():
            return finding_given(command, checking, seat)


def _appealed(by: Appellant, reason: str, checking: Open, now: UtcInstant) -> list[CheckingEvent]:
    if checking.stage == "appeal":
        return []  # once; whoever of the two was first
    ends = checking.wake_at(now)
    if checking.verdict is None or checking.closed or ends is None or now > ends:
        raise TooLateError("There is no verdict that can be appealed against.")
    said = {"appellant": by, "reason": reason, "appealed_at": now}
    return [AppealMade(**checking.common, **said)]


category = Category(
    service="intake",
    name="checking",
    decider=Decider[CheckingCommand, CheckingEvent, Checking](
        initial_state=Unknown(), decide=decide, evolve=evolve
    ),
    commands=(AppealAsOwner,),
    inner=(
        OpenChecking,
        BeginChecking,
        LookAtChecking,
        AcceptChecking,
        DeclineChecking,
        GiveFinding,
        AppealVerdict,
    ),
    key="checking_id",
)
