"""A society: anyone founds one for any cause, and its members look after it themselves."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial, reduce
from typing import Any

from services.promotion.domain import federation, society_registered, suspension
from services.promotion.domain.federation import (
    AdmitToFederation,
    AskFederation,
    FederationCommand,
    LeaveFederation,
    PartFromFederation,
)
from services.promotion.domain.society_kept import dump, load
from services.promotion.domain.society_registered import RegisterSociety, require_own_words
from services.promotion.domain.society_rules import (
    MOST_ACTIVITIES,
    MOST_MEMBERS,
    MOST_OFFICES,
    DissolvedError,
    FullError,
    NoSocietyError,
    NotAloneError,
    NotHeldYetError,
    SuspendedError,
    TooManyActivitiesError,
    TooManyOfficesError,
    require_leader,
    require_member,
    require_officer,
    size_of,
)
from services.promotion.domain.society_state import ENDED, Society
from services.promotion.domain.society_state import evolve as evolve_own
from services.promotion.domain.succession import successor
from services.promotion.domain.suspension import (
    AppealSuspension,
    DeclineAppeal,
    ReinstateSociety,
    SuspendSociety,
    Suspension,
)
from shared.contracts.society import (
    ActivityHeld,
    LeaderFollowed,
    MemberAnswered,
    MemberForgotten,
    MembersAsked,
    Office,
    OfficeGiven,
    OfficeTaken,
    SocietyCounted,
    SocietyDissolved,
    SocietyEvent,
    SocietyFellDormant,
    SocietyFounded,
    SocietyJoined,
    SocietyLeft,
    SocietyRegistered,
    SocietyRevived,
    SocietyReworded,
    Succession,
    SuccessionRuled,
)
from shared.contracts.values import Count, Id, Place, UtcInstant
from shared.eventsourcing.decider import Category, Decider, Kept

ANSWERED_WITHIN = timedelta(days=30)
"""After its members were asked whether it goes on."""

TODAY_SOMEWHERE = timedelta(days=1)

SMALLEST = 5
"""The figure below which nothing is told, where the charter says no other one."""

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundSociety:
    founded: SocietyFounded

    @property
    def society_id(self) -> Id:
        return self.founded.society_id


@dataclass(frozen=True, slots=True)
class _ByMember:
    society_id: Id
    by: Id
    at: UtcInstant


class JoinSociety(_ByMember):
    """One that is dormant is revived by it."""


class LeaveSociety(_ByMember):
    pass


class AnswerForSociety(_ByMember):
    """That it goes on; one that is dormant is revived."""


class DissolveSociety(_ByMember):
    pass


@dataclass(frozen=True, slots=True)
class RewordSociety(_ByMember):
    words: Id


@dataclass(frozen=True, slots=True)
class HandOverLead(_ByMember):
    member_id: Id


@dataclass(frozen=True, slots=True)
class GiveOffice(_ByMember):
    member_id: Id
    office: Office


@dataclass(frozen=True, slots=True)
class TakeOffice(_ByMember):
    """Who has it may lay it down themselves."""

    member_id: Id
    office: Office


@dataclass(frozen=True, slots=True)
class RuleSuccession(_ByMember):
    rule: Succession


@dataclass(frozen=True, slots=True)
class HoldActivity(_ByMember):
    activity_id: Id
    words: Id
    where: Place
    on: date
    came: Count


@dataclass(frozen=True, slots=True)
class ForgetMember:
    """Their login is closed, and what they wrote is erased already."""

    society_id: Id
    member_id: Id
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class JudgeSociety:
    """Sent by the sweep: whether its members are to be asked, or nobody has answered."""

    society_id: Id
    at: UtcInstant


Leading = HandOverLead | GiveOffice | TakeOffice | RuleSuccession | DissolveSociety
Doing = AnswerForSociety | RewordSociety | HoldActivity | Leading
Going = LeaveSociety | ForgetMember
SocietyCommand = (
    FoundSociety
    | RegisterSociety
    | FederationCommand
    | JoinSociety
    | Doing
    | Going
    | JudgeSociety
    | Suspension
)

# --- Decide ---------------------------------------------------------------


def decide(
    command: SocietyCommand, society: Society, smallest: int = SMALLEST
) -> list[SocietyEvent]:
    if isinstance(command, FoundSociety):
        return [command.founded] if society.life == "unknown" else []
    if isinstance(command, RegisterSociety):
        return society_registered.decide(command, society)
    if society.life == "unknown":
        raise NoSocietyError("There is no such society.")
    common: dict[str, Any] = {
        "society_id": command.society_id,
        "place": society.place,
        "at": command.at,
    }
    match command:
        case LeaveSociety() | ForgetMember():
            events = _gone(command, society, common)
        case JudgeSociety():
            events = _judged(command, society, common)
        case DissolveSociety() if society.life == "dissolved":
            events = []
        case _ if society.life in ENDED:
            raise DissolvedError("The society has ended.")
        case SuspendSociety() | AppealSuspension() | DeclineAppeal() | ReinstateSociety():
            events = suspension.decide(command, society)
        case JoinSociety(by=by) if by in society.members:
            events = []
        case _ if society.life == "suspended":
            raise SuspendedError("The society is suspended.")
        case _:
            events = _alive(command, society, common)
    return _with_its_size(events, society, common, smallest)


def _alive(
    command: FederationCommand | JoinSociety | Doing, society: Society, common: dict[str, Any]
) -> list[SocietyEvent]:
    match command:
        case AskFederation() | AdmitToFederation() | LeaveFederation() | PartFromFederation():
            return federation.decide(command, society)
        case JoinSociety(by=by):
            return _joined(by, society, common)
        case _:
            require_member(society, command.by)
            return _done(command, society, common)


def _joined(by: str, society: Society, common: dict[str, Any]) -> list[SocietyEvent]:
    if len(society.members) >= MOST_MEMBERS:
        raise FullError("So many are enough for one society.")
    joined = SocietyJoined(**common, member_id=by)
    return [joined, *_revived(by, society, common)]


def _revived(by: str, society: Society, common: dict[str, Any]) -> list[SocietyEvent]:
    return [SocietyRevived(**common, member_id=by)] if society.life == "dormant" else []


def _gone(command: Going, society: Society, common: dict[str, Any]) -> list[SocietyEvent]:
    """Whoever has led it is followed at once; whom nobody follows was the last."""
    who = command.by if isinstance(command, LeaveSociety) else command.member_id
    events: list[SocietyEvent] = []
    if who in society.members:
        events = [SocietyLeft(**common, member_id=who)]
        left = evolve(society, events[0])
        follows = successor(left, command.at.date())
        if society.life in ENDED or (follows is None and society.entry):
            pass  # one of a register goes on without members of ours
        elif follows is None:
            events.append(SocietyDissolved(**common, by=who))
        elif who == society.leader:
            events.append(LeaderFollowed(**common, member_id=follows, before=who))
    if isinstance(command, ForgetMember) and who not in society.forgotten:
        events.append(MemberForgotten(**common, member_id=who))
    return events


def _judged(command: JudgeSociety, society: Society, common: dict[str, Any]) -> list[SocietyEvent]:
    """Members have their time to answer from when they are asked, however late that is."""
    now, heard = command.at, {"heard_at": society.heard_at}
    if society.life != "active" or not society.members:
        return []
    if society.dormant_at is not None:
        is_over = now >= society.dormant_at
        return [SocietyFellDormant(**common, **heard)] if is_over else []
    if now < society.asks_at:
        return []
    return [MembersAsked(**common, **heard, dormant_at=now + ANSWERED_WITHIN)]


def _done(command: Doing, society: Society, common: dict[str, Any]) -> list[SocietyEvent]:
    match command:
        case AnswerForSociety(by=by):
            if society.dormant_at is not None:
                return [MemberAnswered(**common, member_id=by)]
            return _revived(by, society, common)
        case RewordSociety(by=by, words=words):
            if words == society.words:
                return []
            require_officer(society, by)
            require_own_words(society)
            return [SocietyReworded(**common, by=by, words=words)]
        case HoldActivity(by=by):
            if command.activity_id in society.activities:
                return []
            return [_held(command, society, common), *_revived(by, society, common)]
        case _:
            return _led(command, society, common)


def _held(command: HoldActivity, society: Society, common: dict[str, Any]) -> ActivityHeld:
    if len(society.activities) >= MOST_ACTIVITIES:
        raise TooManyActivitiesError("So many are enough for one society.")
    if command.on > (command.at + TODAY_SOMEWHERE).date():
        raise NotHeldYetError("That day is to come.")
    return ActivityHeld(
        **common | {"place": command.where},
        activity_id=command.activity_id,
        by=command.by,
        words=command.words,
        on=command.on,
        came=command.came,
    )


def _led(command: Leading, society: Society, common: dict[str, Any]) -> list[SocietyEvent]:
    match command:
        case HandOverLead(member_id=who) if who == society.leader:
            return []
        case TakeOffice(by=by, member_id=who, office=office):
            if (who, office) not in society.offices:
                return []
            if by != who:
                require_leader(society, by)
            return [OfficeTaken(**common, member_id=who, office=office, by=by)]
        case _:
            require_leader(society, command.by)
    match command:
        case HandOverLead(by=by, member_id=who):
            require_member(society, who)
            return [LeaderFollowed(**common, member_id=who, before=by)]
        case GiveOffice(by=by, member_id=who, office=office):
            require_member(society, who)
            if (who, office) in society.offices:
                return []
            if len(society.offices) >= MOST_OFFICES:
                raise TooManyOfficesError("So many offices are enough for one society.")
            return [OfficeGiven(**common, member_id=who, office=office, by=by)]
        case RuleSuccession(by=by, rule=rule):
            is_so = rule == society.rule
            return [] if is_so else [SuccessionRuled(**common, rule=rule, by=by)]
        case DissolveSociety(by=by):
            require_own_words(society)
            if len(society.members) > 1 and society.life == "active":
                raise NotAloneError("It has other members: hand it over, or leave it to them.")
            return [SocietyDissolved(**common, by=by)]


def _with_its_size(
    events: list[SocietyEvent], society: Society, common: dict[str, Any], smallest: int
) -> list[SocietyEvent]:
    size = size_of(reduce(evolve, events, society), smallest)
    if not events or size == society.counted:
        return events
    return [*events, SocietyCounted(**common, at_least=size)]


def evolve(society: Society, event: SocietyEvent) -> Society:
    if isinstance(event, SocietyRegistered):
        return society_registered.evolve(society, event)
    return evolve_own(society, event)


BY_MEMBERS = (JoinSociety, LeaveSociety, AnswerForSociety, RewordSociety, HoldActivity)
BY_LEADERS = (HandOverLead, GiveOffice, TakeOffice, RuleSuccession, DissolveSociety)
OF_FEDERATIONS = (AskFederation, AdmitToFederation, LeaveFederation, PartFromFederation)
BY_STAFF = (SuspendSociety, AppealSuspension, DeclineAppeal, ReinstateSociety)


def with_figures_from(smallest: int) -> Category:
    """`smallest` is the charter's; what happened folds the same with any."""
    return Category(
        service="promotion",
        name="society",
        decider=Decider[SocietyCommand, SocietyEvent, Society](
            initial_state=Society(), decide=partial(decide, smallest=smallest), evolve=evolve
        ),
        commands=(),
        inner=(
            FoundSociety,
            RegisterSociety,
            *BY_MEMBERS,
            *BY_LEADERS,
            *BY_STAFF,
            *OF_FEDERATIONS,
            ForgetMember,
            JudgeSociety,
        ),
        key="society_id",
        kept=Kept(dump, load),
    )


category = with_figures_from(SMALLEST)
