"""A post as its events left it: who may fill it, who was asked, who has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from shared.contracts.post import (
    CandidateBy,
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
    Ranked,
    RecallSupported,
    RecallWithdrawn,
)

RANKED_AGAIN = timedelta(days=30)
SOON = timedelta(hours=1)
"""After somebody came forward: many who do so together are ranked together."""

Life = Literal["unknown", "open", "closed"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placement:
    """`probation_until` is None once it is passed."""

    seat: int
    ends_at: datetime
    probation_until: datetime | None
    recalled_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    """`named` are candidates who were named or came forward, `out` those who stood back, declined
    or were silent. `before` is who had each seat last, of those who may not have it next. `rank_at`
    is when candidates are ranked next, if a seat is free by then. `chosen` are all who were asked,
    each with the ranking of that time, and `told` what the body gave a public reason for."""

    life: Life = "unknown"
    opened: PostOpened | None = None
    named: Mapping[str, CandidateBy] = field(default_factory=dict)
    out: frozenset[str] = frozenset()
    number: int = 0
    rank_at: datetime | None = None
    ranked: CandidatesRanked | None = None
    proposed: Mapping[str, ChoiceProposed] = field(default_factory=dict)
    offers: Mapping[str, PlaceOffered] = field(default_factory=dict)
    placed: Mapping[str, Placement] = field(default_factory=dict)
    before: Mapping[int, str] = field(default_factory=dict)
    chosen: tuple[tuple[PlaceOffered, CandidatesRanked], ...] = ()
    told: tuple[PlaceOffered | NobodyChosen | PlacementEnded, ...] = ()

    @property
    def terms(self) -> PostOpened:
        if self.opened is None:
            raise TypeError("there is no such post")
        return self.opened

    @property
    def free(self) -> int:
        """Seats that nobody has, is asked for or is chosen for."""
        if self.life != "open":
            return 0
        return self.terms.seats - len(self.placed) - len(self.offers) - len(self.proposed)

    @property
    def vacant(self) -> int:
        return self.terms.seats - len(self.placed) if self.life == "open" else 0

    @property
    def next_seat(self) -> int:
        taken = {each.seat for each in self.placed.values()}
        return next(seat for seat in range(1, self.terms.seats + 1) if seat not in taken)

    @property
    def ineligible(self) -> frozenset[str]:
        asked = self.placed.keys() | self.offers.keys() | self.proposed.keys()
        return self.out | asked | set(self.before.values())

    @property
    def bench(self) -> list[Ranked]:
        """Those who can be chosen, in their order."""
        out, ranked = self.ineligible, self.ranked
        return [each for each in ranked.ranking if each.member_id not in out] if ranked else []

    def wakes_at(self) -> datetime | None:
        if self.life != "open":
            return None
        moments = [each.until for each in self.offers.values()]
        moments += [
            min(each.ends_at, each.probation_until or each.ends_at) for each in self.placed.values()
        ]
        if self.free > 0 and self.rank_at is not None:
            moments.append(self.rank_at)
        return min(moments, default=None)


def evolve(post: Post, event: PostEvent) -> Post:
    match event:
        case PostOpened(at=at, call_days=call_days):
            return Post("open", event, rank_at=at + timedelta(days=call_days))
        case CandidateNamed(member_id=who, by=by):
            out = post.out - {who} if by == "themselves" else post.out
            named = {**post.named, who: by}
            return _sooner(replace(post, named=named, out=out), event.at)
        case CandidateStoodBack(member_id=who):
            named, proposed = _less(post.named, who), _less(post.proposed, who)
            return replace(post, out=post.out | {who}, named=named, proposed=proposed)
        case CandidatesRanked(number=number, at=at):
            return replace(post, number=number, ranked=event, rank_at=at + RANKED_AGAIN)
        case ChoiceProposed(member_id=who):
            return replace(post, proposed={**post.proposed, who: event})
        case ChoiceRefused(member_id=who):
            return replace(post, proposed=_less(post.proposed, who))
        case NobodyChosen(at=at):
            told, rank_at = (*post.told, event), at + RANKED_AGAIN
            return replace(post, ranked=None, rank_at=rank_at, proposed={}, told=told)
        case PlaceOffered(member_id=who):
            proposed, offers = _less(post.proposed, who), {**post.offers, who: event}
            one = ((event, post.ranked),) if post.ranked else ()
            told = (*post.told, event) if event.reason else post.told
            chosen = (*post.chosen, *one)
            return replace(post, proposed=proposed, offers=offers, chosen=chosen, told=told)
        case OfferDeclined(member_id=who) | OfferLapsed(member_id=who):
            return replace(post, offers=_less(post.offers, who), out=post.out | {who})
        case PostClosed():
            return replace(post, life="closed", offers={}, proposed={})
        case _:
            return _placing(post, event)


def _placing(post: Post, event: PostEvent) -> Post:
    match event:
        case MemberPlaced(member_id=who, seat=seat):
            one = Placement(seat, event.ends_at, event.probation_until)
            before = {of: member for of, member in post.before.items() if of != seat}
            placed = {**post.placed, who: one}
            return replace(post, placed=placed, offers=_less(post.offers, who), before=before)
        case ProbationPassed() | RecallSupported() | RecallWithdrawn() | PlacementEnded():
            found = post.placed.get(event.member_id)
            return _placed(post, event, found) if found else post
        case _:
            return post


def _placed(
    post: Post,
    event: ProbationPassed | RecallSupported | RecallWithdrawn | PlacementEnded,
    one: Placement,
) -> Post:
    who = event.member_id
    match event:
        case ProbationPassed():
            now = replace(one, probation_until=None)
        case RecallSupported(by=by):
            now = replace(one, recalled_by=one.recalled_by | {by})
        case RecallWithdrawn(by=by):
            now = replace(one, recalled_by=one.recalled_by - {by})
        case PlacementEnded(because=because):
            rests = post.terms.rotates or because != "term"
            before = {**post.before, one.seat: who} if rests else post.before
            told = (*post.told, event) if event.reason else post.told
            left = replace(post, placed=_less(post.placed, who), before=before, told=told)
            return _sooner(left, event.at)
    return replace(post, placed={**post.placed, who: now})


def _sooner(post: Post, at: datetime) -> Post:
    """Not before the days to come forward in are over."""
    if post.rank_at is None or not post.number:
        return post
    return replace(post, rank_at=min(post.rank_at, at + SOON))


def _less(mapping: Mapping[str, T], who: str) -> dict[str, T]:
    return {each: what for each, what in mapping.items() if each != who}
