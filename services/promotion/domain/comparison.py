"""Why somebody was not chosen for a post: they beside each who was, as ranked at that time."""

from dataclasses import dataclass
from typing import Literal

from services.promotion.domain.post_state import Post
from services.promotion.domain.ranking import differ_in
from shared.contracts.post import CandidatesRanked, Ranked

Stands = Literal["placed", "asked", "chosen", "out", "before", "ranked", "unranked"]


@dataclass(frozen=True, slots=True)
class Beside:
    """Who was chosen, as the `rank`-th of those who could be; `own` is how who asks stood in the
    same ranking, None if they did not. `by` is the first figure in which the two differ, and
    `reason` what the body said where it passed over the first ones."""

    number: int
    rank: int
    reason: str
    theirs: Ranked | None
    own: Ranked | None
    by: str
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`place` is where they stand on the bench, counted from 1; 0 if they do not."""

    stands: Stands
    place: int
    beside: tuple[Beside, ...]


def comparison(post: Post, member_id: str) -> Comparison:
    bench = [each.member_id for each in post.bench]
    place = bench.index(member_id) + 1 if member_id in bench else 0
    others = [each for each in post.chosen if each[0].member_id != member_id]
    beside = (
        _beside(offer.member_id, offer.rank, offer.reason, ranked, member_id)
        for offer, ranked in others
    )
    return Comparison(_stands(post, member_id, place), place, tuple(beside))


def _stands(post: Post, member_id: str, place: int) -> Stands:
    if member_id in post.placed:
        return "placed"
    if member_id in post.offers:
        return "asked"
    if member_id in post.proposed:
        return "chosen"
    if member_id in post.out:
        return "out"
    if member_id in post.before.values():
        return "before"
    return "ranked" if place else "unranked"


def _beside(
    chosen: str, rank: int, reason: str, ranked: CandidatesRanked, member_id: str
) -> Beside:
    ids = [each.member_id for each in ranked.ranking]
    theirs = ranked.ranking[ids.index(chosen)] if chosen in ids else None
    own = ranked.ranking[ids.index(member_id)] if member_id in ids else None
    by = differ_in(theirs, own) if theirs and own else ""
    is_ahead = bool(own) and (theirs is None or ids.index(member_id) < ids.index(chosen))
    return Beside(ranked.number, rank, reason, theirs, own, by, is_ahead)
