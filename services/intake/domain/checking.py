"""The checking of one claim of done: checkers are drawn, find, and settle it; appealed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce

from services.intake.domain.checking_closing import closing, verdict_of
from services.intake.domain.checking_state import Checking, Open, Seat, Unknown, changed, evolve
from services.intake.domain.draw import Candidate, Wanted, draw, seed_of
from services.intake.domain.finding_pictures import pictured
from shared.contracts.attachment import Attached
from shared.contracts.checking import (
    AppealMade,
    Appellant,
    CheckDisputed,
    CheckerAccepted,
    CheckerDeclined,
    CheckerLapsed,
    CheckersDrawn,
    CheckingBegun,
    CheckingEvent,
    CheckingOpened,
    FindingConflicted,
    FindingGiven,
    FindingPointed,
    Lapse,
    Verdict,
)
from shared.contracts.party import as_known
from shared.contracts.values import CLOCKS_DIFFER_BY, Id, Line, Place, Prose, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

HALF_A_DAY = timedelta(hours=12)
"""Who types a day says noon of it, also of one on which it was claimed in the evening."""

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
class LookAtChecking:
    """Sent by the sweep with whom its rows know as ready, as of a sequence; `out` are those who
    have a part in what is checked, or are close to whoever owns it. Once its check is `hidden`
    nobody is shown it any more, so nobody is asked."""

    checking_id: Id
    pool: Sequence[Candidate]
    as_of: int
    out: frozenset[str]
    now: UtcInstant
    hidden: bool = False


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
class GiveFinding:
    """`rests_on` is the state of the checking that the member had before them. Where it has gone on
    since, it is kept as a conflict once that is `confirmed`. `pictures` were uploaded for it, and
    `point` is rounded."""

    checking_id: Id
    member_id: Id
    verdict: Verdict
    words: Prose
    seen_at_place: Place
    seen_at: UtcInstant
    rests_on: int
    now: UtcInstant
    confirmed: bool = True
    pictures: tuple[Attached, ...] = ()
    point: str = ""


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


class NotAcceptedError(DomainError):
    pass


class FoundBeforeError(DomainError):
    pass


class TooLateError(DomainError):
    pass


class NotYetSeenError(DomainError):
    pass


class SeenBeforeError(DomainError):
    pass


class MovedOnError(DomainError):
    """The checking stands at another state by now than the finding rests on."""


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
            found = _looked(command, checking)
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
            return _found(command, checking, seat)


def _found(command: GiveFinding, checking: Open, seat: Seat) -> list[CheckingEvent]:
    """On an old state, or after their time, it is kept as a conflict, and nothing is lost."""
    if command.seen_at > command.now + CLOCKS_DIFFER_BY:
        raise NotYetSeenError("It is said to be seen at a time that has not come yet.")
    if command.seen_at < checking.opened.claimed_at - HALF_A_DAY - CLOCKS_DIFFER_BY:
        raise SeenBeforeError("It is said to be seen before it was claimed to be done.")
    said = {
        "stage": seat.stage,
        "member_id": command.member_id,
        "verdict": command.verdict,
        "words": command.words,
        "seen_at_place": command.seen_at_place,
        "seen_at": min(command.seen_at, command.now),
        "rests_on": command.rests_on,
        "given_at": command.now,
    }
    common = checking.common
    if seat.state == "found":
        if seat.verdict == command.verdict:
            return []
        raise FoundBeforeError("Your finding stands; it is given once.")
    if seat.state == "asked":
        raise NotAcceptedError("Say first that you will do it.")
    is_old = command.rests_on != checking.state or checking.verdict is not None
    if is_old or seat.state == "gone" or seat.stage != checking.stage:
        if command.member_id in checking.kept:
            return []
        if not command.confirmed:
            raise MovedOnError("It has gone on since.")
        conflicted = FindingConflicted(**common, **said, stands_at=checking.state)
        return [conflicted, *_with_it(command, checking)]
    given = FindingGiven(**common, **said)
    after = changed(checking, given)
    return [given, *_with_it(command, checking), *_weighed(after, command.now)]


def _with_it(command: GiveFinding, checking: Open) -> list[CheckingEvent]:
    who, now = command.member_id, command.now
    pictures = pictured(checking.common, who, command.pictures, now)
    if not command.point:
        return [*pictures]
    common = checking.common | {"member_id": who}
    return [*pictures, FindingPointed(**common, point=command.point, pointed_at=now)]


def _weighed(checking: Open, now: UtcInstant) -> list[CheckingEvent]:
    found = checking.found()
    if found and max(found.values()) >= checking.terms.agree:
        return verdict_of(checking, found.most_common(1)[0][0], now)
    if len(found) > 1 and not checking.disputed:
        common = checking.common
        return [CheckDisputed(**common, stage=checking.stage, disputed_at=now)]
    return []


def _looked(command: LookAtChecking, checking: Open) -> list[CheckingEvent]:
    """Who is silent gives way, others are drawn; and where nobody is left it ends."""
    now = command.now
    if checking.closed or not checking.begun:
        return []
    if checking.verdict is not None:
        due = checking.wake_at(now)
        return closing(checking, now) if due is not None and now > due else []
    found: list[CheckingEvent] = [
        _lapsed(checking, who, seat, now)
        for who, seat in sorted(checking.live().items())
        if now > seat.until or command.hidden
    ]
    after = reduce(changed, found, checking)
    if command.hidden:
        return [*found, *verdict_of(after, None, now)]
    if after.wanted:
        found.append(drawn := _drawn(command, after))
        after = changed(after, drawn)
    return [*found, *verdict_of(after, None, now)] if after.is_spent else found


def _lapsed(checking: Open, who: str, seat: Seat, now: UtcInstant) -> CheckerLapsed:
    lapse: Lapse = "no answer" if seat.state == "asked" else "no finding"
    return CheckerLapsed(**checking.common, member_id=who, lapse=lapse, lapsed_at=now)


def _drawn(command: LookAtChecking, checking: Open) -> CheckersDrawn:
    opened, terms = checking.opened, checking.terms
    societies = {each.member_id: each.societies for each in command.pool}
    seated = [who for who, seat in checking.of_stage().items() if seat.state != "gone"]
    wanted = Wanted(
        opened.place,
        checking.wanted,
        before=opened.claimed_in,
        often=terms.often,
        enough=terms.candidates,
        owners=frozenset((as_known(opened.owner),)),
        out=command.out | set(checking.seats),
        societies=frozenset().union(*(societies.get(who, frozenset()) for who in seated)),
        elsewhere=checking.stage == "appeal",
    )
    seed = seed_of(opened.claim_id)
    lot = draw(command.pool, wanted, seed)
    return CheckersDrawn(
        **checking.common,
        stage=checking.stage,
        seed=seed,
        digest=lot.digest,
        candidates=lot.candidates,
        drawn_at_place=lot.place,
        widened=lot.widened,
        as_of=command.as_of,
        drawn=lot.drawn,
        passed_over=lot.passed_over,
        missing=wanted.number - len(lot.drawn),
        answer_by=command.now + timedelta(days=terms.answer_days),
        drawn_at=command.now,
    )


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
