"""The events of one post: a place to fill, who may, who is chosen; only promotion writes them."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.values import (
    Count,
    Day,
    Digest,
    Id,
    Instant,
    Line,
    Sector,
    Sequence,
    TrackName,
    Truth,
)

MOST_TRACKS, MOST_RANKED = 10, 200

PostTracks = Annotated[tuple[TrackName, ...], Field(min_length=1, max_length=MOST_TRACKS)]

LONGEST_DAYS, MOST_SEATS = 3_650, 500
Days = Annotated[int, Field(strict=True, ge=0, le=LONGEST_DAYS)]
Seats = Annotated[int, Field(strict=True, ge=1, le=MOST_SEATS)]

CandidateBy = Literal["rule", "nomination", "themselves"]
"""By what somebody is a candidate: they qualified, another member named them, they came forward."""

PlacementEnd = Literal["term", "probation", "recalled", "resigned", "body"]
"""Why a placement is over: its time was, the body ended it on probation, or later, the members of
the place recalled who had it, or they went themselves."""


class Ranked(BaseModel):
    """A candidate as they were ranked. Figures are in steps: 4 says at least 4 and below 8. `fits`
    are days with confirmed reports at the post's place about its sector, `here` those at its place,
    `elsewhere` those about its sector anywhere; then how many others confirmed, and how many
    sectors."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    member_id: Id
    by: CandidateBy
    fits: Count
    here: Count
    elsewhere: Count
    confirmers: Count
    sectors: Count


Ranking = Annotated[tuple[Ranked, ...], Field(max_length=MOST_RANKED)]


class PostEvent(Event):
    """`wake_at` is when the post is to be looked at next; of events that are recorded together the
    last one says so."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "post"
    key: ClassVar[str] = "post_id"

    post_id: Id
    at: Instant
    wake_at: Instant | None = None


class PostOpened(PostEvent):
    """Candidates come forward for `call_days`, then they are ranked. `shown` is among how many of
    the first the body chooses without a reason. Who is chosen answers within `answer_days`. So many
    members of the place as `recall_by` says recall who is placed; nobody can where it is 0. Where
    it `rotates` nobody follows themselves. `by` is a login of the staff."""

    title: Line
    sector: Sector
    seats: Seats
    tracks: PostTracks
    shown: Count
    call_days: Days
    answer_days: Days
    probation_days: Days
    term_days: Days
    recall_by: Count
    rotates: Truth
    by: Id


class CandidateNamed(PostEvent):
    """`nominated_by` is a member, or nobody for who came forward."""

    member_id: Id
    by: CandidateBy
    nominated_by: Id | None = None


class CandidateStoodBack(PostEvent):
    """They are no candidate until they come forward themselves."""

    member_id: Id


class CandidatesRanked(PostEvent):
    """Of so many `candidates`, whose ids have this digest, the first ones in their order. It
    follows from PROMOTION up to the sequence `as_of`; ties are broken by SHA-256 of the seed and
    the member's id."""

    number: Count
    candidates: Count
    digest: Digest
    seed: Digest
    as_of: Sequence
    ranking: Ranking


class ChoiceProposed(PostEvent):
    """One of the body has chosen, and a second person has to allow it. `rank` is counted from 1;
    `reason` is wanted, and public, for who stands behind the first ones that are shown."""

    member_id: Id
    rank: Count
    reason: Line | Literal[""]
    by: Id


class ChoiceRefused(PostEvent):
    member_id: Id
    reason: Line
    by: Id


class NobodyChosen(PostEvent):
    """The body takes none of them, for a reason that is public; they are ranked anew later."""

    reason: Line
    by: Id


class PlaceOffered(PostEvent):
    """`by` allowed it where two were wanted."""

    member_id: Id
    rank: Count
    reason: Line | Literal[""]
    until: Instant
    by: Id


class OfferDeclined(PostEvent):
    member_id: Id


class OfferLapsed(PostEvent):
    """They said nothing in time."""

    member_id: Id


class MemberPlaced(PostEvent):
    """They accepted, and were qualified on that day on all tracks of the post. `told`: a pseudonym
    of theirs may be public."""

    member_id: Id
    seat: Count
    rank: Count
    on: Day
    probation_until: Instant
    ends_at: Instant
    told: Truth


class ProbationPassed(PostEvent):
    member_id: Id


class RecallSupported(PostEvent):
    """`by` is a member of the place; each counts once."""

    member_id: Id
    by: Id


class RecallWithdrawn(PostEvent):
    member_id: Id
    by: Id


class PlacementEnded(PostEvent):
    """`reason` is the body's, and public; the others say nothing."""

    member_id: Id
    because: PlacementEnd
    reason: Line | Literal[""] = ""


class PostClosed(PostEvent):
    """Nobody is placed in it, and nobody will be."""

    reason: Line
    by: Id
