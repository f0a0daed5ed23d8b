"""The credentials of a member: each is allowed by them for one track, and ends for good."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.promotion.domain.member_state import Member
from shared.contracts.credential import (
    CredentialAllowed,
    CredentialEvent,
    CredentialsClosed,
    CredentialWithdrawn,
    Ended,
)
from shared.contracts.values import Id, TrackName
from shared.eventsourcing.decider import Category, Decider, Look
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AllowCredential:
    """`is_qualified` is what the log says of the member when it is decided."""

    allowed: CredentialAllowed
    is_qualified: bool = False

    @property
    def member_id(self) -> Id:
        return self.allowed.member_id


@dataclass(frozen=True, slots=True)
class WithdrawCredential:
    member_id: Id
    credential_id: Id


@dataclass(frozen=True, slots=True)
class EndCredentials:
    """All of a member, or those of one track: what they were qualified on `before`, the sequence of
    what led to it, allows none any more."""

    member_id: Id
    because: Ended
    before: int
    track: TrackName | None = None


CredentialCommand = AllowCredential | WithdrawCredential | EndCredentials
Told = CredentialEvent | CredentialsClosed

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credentials:
    """`good` are track and the day of the end by id, of those that were not ended; `known` are all
    ids. What was earned before a sequence of `closed` allows none, by track; `erased` nothing."""

    good: Mapping[Id, tuple[TrackName, date]] = field(default_factory=dict)
    known: frozenset[Id] = frozenset()
    closed: Mapping[TrackName, int] = field(default_factory=dict)
    erased: bool = False


# --- Errors ---------------------------------------------------------------


class NotQualifiedError(DomainError):
    pass


class AllowedAlreadyError(DomainError):
    pass


class NoCredentialError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: CredentialCommand, state: Credentials) -> list[Told]:
    match command:
        case AllowCredential(allowed) if allowed.credential_id in state.known:
            return []
        case AllowCredential(is_qualified=False):
            raise NotQualifiedError("they have no such qualification")
        case AllowCredential() if state.erased:
            raise NotQualifiedError("what was known of them was erased")
        case AllowCredential(allowed):
            if allowed.earned_by.sequence < state.closed.get(allowed.track, 0):
                raise NotQualifiedError("they have this qualification no more")
            _require_none(allowed, state)
            return [allowed]
        case WithdrawCredential(member_id, credential_id):
            if credential_id not in state.known:
                raise NoCredentialError("there is no such credential")
            ends = [credential_id] if credential_id in state.good else []
            return [_withdrawn(member_id, each, "member") for each in ends]
        case EndCredentials(member_id, because, before, track):
            if _is_closed(command, state):
                return []
            ends = [each for each, (of, _) in state.good.items() if track in (None, of)]
            closed = CredentialsClosed(
                member_id=member_id, because=because, track=track, before=before
            )
            return [closed, *(_withdrawn(member_id, each, because) for each in ends)]


def _is_closed(command: EndCredentials, state: Credentials) -> bool:
    if command.track is None:
        return state.erased
    return state.closed.get(command.track, 0) >= command.before


def _require_none(allowed: CredentialAllowed, state: Credentials) -> None:
    for track, until in state.good.values():
        if track == allowed.track and until > allowed.on:
            raise AllowedAlreadyError("there is one for this track, and it is good still")


def _withdrawn(member_id: Id, credential_id: Id, because: Ended) -> CredentialWithdrawn:
    return CredentialWithdrawn(member_id=member_id, credential_id=credential_id, because=because)


def evolve(state: Credentials, event: Told) -> Credentials:
    match event:
        case CredentialAllowed():
            one = {event.credential_id: (event.track, event.until)}
            known = state.known | {event.credential_id}
            return replace(state, good={**state.good, **one}, known=known)
        case CredentialsClosed(track=None):
            return replace(state, erased=True)
        case CredentialsClosed(track=str(track), before=before):
            return replace(state, closed={**state.closed, track: before})
        case CredentialWithdrawn(credential_id=ended):
            left = {each: what for each, what in state.good.items() if each != ended}
            return replace(state, good=left)
        case _:
            return state


def _whose(command: AllowCredential) -> str:
    return command.member_id


def _seen(command: AllowCredential, member: Member) -> AllowCredential:
    return replace(command, is_qualified=command.allowed.track in member.qualified)


def _can_change(_: Member) -> bool:
    """Whoever loses a qualification between the two has its credentials ended by that event, or can
    not allow any: by `CredentialsClosed` it is known to whoever decides after it."""
    return False


category = Category(
    service="promotion",
    name="credentials",
    decider=Decider[CredentialCommand, Told, Credentials](
        initial_state=Credentials(), decide=decide, evolve=evolve
    ),
    commands=(AllowCredential, WithdrawCredential, EndCredentials),
    key="member_id",
    look=Look(AllowCredential, "member", _whose, _seen, _can_change),
)
