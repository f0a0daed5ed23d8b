"""A post: its body opens it, candidates are ranked, asked and placed, and the base recalls them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import reduce
from typing import Any, Literal

from services.promotion.domain.member_state import Member
from services.promotion.domain.post_rules import (
    ClosedPostError,
    NoCandidateError,
    NominatedThemselvesError,
    NoOfferError,
    NoPostError,
    NoRecallError,
    NoSeatError,
    NotOfThePlaceError,
    NotPlacedError,
    NotQualifiedForPostError,
    NotTwiceError,
    OwnRecallError,
    ReasonWantedError,
    SameChooserError,
    StillPlacedError,
)
from services.promotion.domain.post_state import Post, evolve
from services.promotion.domain.ranking import Candidate, candidates, digest_of, ranked, seed_of
from shared.contracts.place import is_within
from shared.contracts.post import (
    MOST_RANKED,
    CandidateNamed,
    CandidatesRanked,
    CandidateStoodBack,
    ChoiceProposed,
    ChoiceRefused,
    MemberPlaced,
    NobodyChosen,
    OfferDeclined,
    OfferLapsed,
    PlacementEnded,
    PlaceOffered,
    PostClosed,
    PostEvent,
    PostOpened,
    ProbationPassed,
    RecallSupported,
    RecallWithdrawn,
)
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.decider import Category, Decider, Look

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenPost:
    opened: PostOpened

    @property
    def post_id(self) -> Id:
        return self.opened.post_id


@dataclass(frozen=True, slots=True)
class _Of:
    post_id: Id
    by: Id
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class ChooseCandidate(_Of):
    member_id: Id
    reason: Line | Literal[""] = ""
    second_person: bool = False


@dataclass(frozen=True, slots=True)
class AllowChoice(_Of):
    member_id: Id


@dataclass(frozen=True, slots=True)
class RefuseChoice(_Of):
    member_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class ChooseNobody(_Of):
    reason: Line


@dataclass(frozen=True, slots=True)
class EndPlacement(_Of):
    member_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class ClosePost(_Of):
    reason: Line


@dataclass(frozen=True, slots=True)
class Nominate(_Of):
    """`by` is a member."""

    member_id: Id


Press = Literal["stand back", "decline", "resign"]


@dataclass(frozen=True, slots=True)
class PressOfMember(_Of):
    """What a member does for themselves, and nobody has to look at them for."""

    what: Press


@dataclass(frozen=True, slots=True)
class WithdrawRecall(_Of):
    member_id: Id


@dataclass(frozen=True, slots=True)
class ActOfMember(_Of):
    """What depends on what the log says of the member when it is decided: `qualified` on which
    tracks, and at which `places` they have work that was confirmed. `member_id` is whom they
    recall; `told` lets a pseudonym of theirs be public."""

    what: Literal["come forward", "accept", "recall"]
    member_id: Id | Literal[""] = ""
    told: bool = False
    qualified: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LookAtPost:
    """Sent by the sweep, with those who are qualified as the rows know them as of a sequence."""

    post_id: Id
    at: UtcInstant
    pool: Sequence[Candidate] = ()
    as_of: int = 0


Choosing = ChooseCandidate | AllowChoice | RefuseChoice | ChooseNobody | EndPlacement | ClosePost
Doing = Nominate | PressOfMember | WithdrawRecall | ActOfMember
PostCommand = OpenPost | Choosing | Doing | LookAtPost

# --- Decide ---------------------------------------------------------------


def decide(command: PostCommand, post: Post) -> list[PostEvent]:
    if isinstance(command, OpenPost):
        if post.life != "unknown":
            return []
        return _woken([command.opened], post)
    if post.life == "unknown":
        if isinstance(command, LookAtPost):
            return []
        raise NoPostError("There is no such post.")
    common: dict[str, Any] = {
        "post_id": command.post_id,
        "place": post.terms.place,
        "at": command.at,
    }
    if post.life == "closed":
        if isinstance(command, LookAtPost | ClosePost):
            return []
        raise ClosedPostError("The post is closed.")
    match command:
        case LookAtPost():
            return _woken(_looked(command, post, common), post)
        case Nominate() | PressOfMember() | WithdrawRecall() | ActOfMember():
            return _woken(_by_member(command, post, common), post)
        case _:
            return _woken(_by_body(command, post, common), post)


def _woken(events: list[PostEvent], post: Post) -> list[PostEvent]:
    """The last event says when to look again, as of all of them."""
    if not events:
        return []
    wake_at = reduce(evolve, events, post).wakes_at()
    return [*events[:-1], events[-1].model_copy(update={"wake_at": wake_at})]


# --- The body -------------------------------------------------------------


def _by_body(command: Choosing, post: Post, common: dict[str, Any]) -> list[PostEvent]:
    by = {"by": command.by}
    match command:
        case ChooseCandidate():
            return _chosen(command, post, common)
        case AllowChoice(member_id=who):
            return _allowed(command, who, post, common)
        case RefuseChoice(member_id=who, reason=reason):
            is_there = who in post.proposed
            return [ChoiceRefused(**common, **by, member_id=who, reason=reason)] if is_there else []
        case ChooseNobody(reason=reason):
            if post.ranked is None:
                return []
            return [NobodyChosen(**common, **by, reason=reason)]
        case EndPlacement(member_id=who, reason=reason):
            if who not in post.placed:
                return []
            is_trial = post.placed[who].probation_until is not None
            because = "probation" if is_trial else "body"
            return [PlacementEnded(**common, member_id=who, because=because, reason=reason)]
        case ClosePost(reason=reason):
            if post.placed:
                raise StillPlacedError("Somebody is placed in it: end that first.")
            return [PostClosed(**common, **by, reason=reason)]


def _chosen(command: ChooseCandidate, post: Post, common: dict[str, Any]) -> list[PostEvent]:
    who = command.member_id
    if who in post.proposed or who in post.offers:
        return []
    ids = [each.member_id for each in post.bench]
    if who not in ids:
        raise NoCandidateError("They are not among the candidates that were ranked.")
    if post.free < 1:
        raise NoSeatError("Each seat is filled, or somebody is asked for it.")
    rank = ids.index(who) + 1
    if rank > post.terms.shown and not command.reason:
        raise ReasonWantedError("Say why none of the first ones.")
    what = {"member_id": who, "rank": rank, "by": command.by}
    reason = command.reason if rank > post.terms.shown else ""
    if command.second_person:
        return [ChoiceProposed(**common, **what, reason=reason)]
    return [_offered(post, common, reason=reason, **what)]


def _allowed(command: AllowChoice, who: str, post: Post, common: dict[str, Any]) -> list[PostEvent]:
    if (choice := post.proposed.get(who)) is None:
        if who in post.offers:
            return []
        raise NoCandidateError("Nobody has chosen them.")
    if choice.by == command.by:
        raise SameChooserError("You chose them, so somebody else has to allow it.")
    what = {"member_id": who, "rank": choice.rank, "by": command.by, "reason": choice.reason}
    return [_offered(post, common, **what)]


def _offered(post: Post, common: dict[str, Any], **what: Any) -> PlaceOffered:
    until = common["at"] + timedelta(days=post.terms.answer_days)
    return PlaceOffered(**common, **what, until=until)


# --- Members --------------------------------------------------------------


def _by_member(command: Doing, post: Post, common: dict[str, Any]) -> list[PostEvent]:
    match command:
        case ActOfMember(what="come forward", by=who):
            return _came_forward(command, who, post, common)
        case ActOfMember(what="accept", by=who):
            return _accepted(command, who, post, common)
        case ActOfMember(by=by, member_id=who):
            return _recalled(command, by, who, post, common)
        case WithdrawRecall(by=by, member_id=who):
            has = who in post.placed and by in post.placed[who].recalled_by
            return [RecallWithdrawn(**common, member_id=who, by=by)] if has else []
        case Nominate(by=by, member_id=who):
            if by == who:
                raise NominatedThemselvesError("Come forward yourself.")
            if who in post.named or who in post.out or who in post.placed:
                return []
            told = {"member_id": who, "by": "nomination", "nominated_by": by}
            return [CandidateNamed(**common, **told)]
        case PressOfMember(by=who, what=what):
            return _pressed(what, who, post, common)


def _pressed(what: Press, who: str, post: Post, common: dict[str, Any]) -> list[PostEvent]:
    of = {**common, "member_id": who}
    if what == "resign":
        return [PlacementEnded(**of, because="resigned")] if who in post.placed else []
    if who in post.offers:
        return [OfferDeclined(**of)]
    if what == "decline" or who in post.out or who in post.placed:
        return []
    return [CandidateStoodBack(**of)]


def _came_forward(
    command: ActOfMember, who: str, post: Post, common: dict[str, Any]
) -> list[PostEvent]:
    is_named = post.named.get(who) == "themselves" and who not in post.out
    if is_named or who in post.placed or who in post.offers:
        return []
    _require_qualified(command, post)
    if who in post.before.values():
        raise NotTwiceError("Who had the seat last does not follow themselves.")
    return [CandidateNamed(**common, member_id=who, by="themselves")]


def _require_qualified(command: ActOfMember, post: Post) -> None:
    """Whoever lost a qualification by now, by whatever road, is placed nowhere."""
    if not command.qualified.issuperset(post.terms.tracks):
        raise NotQualifiedForPostError("They are not qualified on all tracks of the post.")


def _accepted(
    command: ActOfMember, who: str, post: Post, common: dict[str, Any]
) -> list[PostEvent]:
    if who in post.placed:
        return []
    offer = post.offers.get(who)
    if offer is None or command.at > offer.until:
        raise NoOfferError("They were not asked, or not any more.")
    _require_qualified(command, post)
    at, terms = command.at, post.terms
    ends_at = at + timedelta(days=terms.term_days)
    probation = at + timedelta(days=min(terms.probation_days, terms.term_days))
    return [
        MemberPlaced(
            **common,
            member_id=who,
            seat=post.next_seat,
            rank=offer.rank,
            on=at.date(),
            probation_until=probation,
            ends_at=ends_at,
            told=command.told,
        )
    ]


def _recalled(
    command: ActOfMember, by: str, who: str, post: Post, common: dict[str, Any]
) -> list[PostEvent]:
    if who not in post.placed:
        if any(each.member_id == who for each in post.chosen):
            return []  # their placement is over already
        raise NotPlacedError("They have no seat.")
    if not post.terms.recall_by:
        raise NoRecallError("Nobody is recalled from this post.")
    if by == who:
        raise OwnRecallError("Who has the seat resigns.")
    if not any(is_within(each, post.terms.place) for each in command.places):
        raise NotOfThePlaceError("That is for members of the place.")
    support = post.placed[who].recalled_by
    if by in support:
        return []
    found: list[PostEvent] = [RecallSupported(**common, member_id=who, by=by)]
    if len(support) + 1 >= post.terms.recall_by:
        found.append(PlacementEnded(**common, member_id=who, because="recalled"))
    return found


# --- Time -----------------------------------------------------------------


def _looked(command: LookAtPost, post: Post, common: dict[str, Any]) -> list[PostEvent]:
    """Who is silent gives way, terms end, and where a seat is free candidates are ranked."""
    now, found = command.at, list[PostEvent]()
    for who, offer in sorted(post.offers.items()):
        if now > offer.until:
            found.append(OfferLapsed(**common, member_id=who))
    for who, placement in sorted(post.placed.items()):
        trial = placement.probation_until
        if now > placement.ends_at:
            found.append(PlacementEnded(**common, member_id=who, because="term"))
        elif trial is not None and now > trial:
            found.append(ProbationPassed(**common, member_id=who))
    after = reduce(evolve, found, post)
    if after.free > 0 and after.rank_at is not None and now > after.rank_at:
        found.append(_ranked(command, after, common))
    return found


def _ranked(command: LookAtPost, post: Post, common: dict[str, Any]) -> CandidatesRanked:
    seed = seed_of(command.post_id)
    may_be = candidates(command.pool, post.terms.tracks, post.ineligible)
    return CandidatesRanked(
        **common,
        number=post.number + 1,
        candidates=len(may_be),
        digest=digest_of(each.member_id for each in may_be),
        seed=seed,
        as_of=command.as_of,
        ranking=tuple(ranked(may_be, post.named, seed)[:MOST_RANKED]),
    )


def _whose(command: ActOfMember) -> str:
    return command.by


def _seen(command: ActOfMember, member: Member) -> ActOfMember:
    """What was taken back is not there any more: `qualified` is what holds on this day."""
    places = frozenset(each for each in member.work.places if each)
    return replace(command, qualified=frozenset(member.qualified), places=places)


def _can_change(_: Member) -> bool:
    """Who loses a qualification between the two was qualified on that day still."""
    return False


category = Category(
    service="promotion",
    name="post",
    decider=Decider[PostCommand, PostEvent, Post](
        initial_state=Post(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(
        OpenPost,
        ChooseCandidate,
        AllowChoice,
        RefuseChoice,
        ChooseNobody,
        EndPlacement,
        ClosePost,
        Nominate,
        PressOfMember,
        WithdrawRecall,
        ActOfMember,
        LookAtPost,
    ),
    key="post_id",
    look=Look(ActOfMember, "member", _whose, _seen, _can_change),
)
