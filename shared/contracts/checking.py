"""The events of checkers and of what they are drawn for; only intake writes them.

A checking is of one claim of done: drawn for, found on, settled, and appealed against once.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.contracts.check import CheckEvent, LaterCheckEvent, ToldCheckEvent
from shared.contracts.event import Event
from shared.contracts.sealed import Sealed
from shared.contracts.values import (
    Count,
    Digest,
    Id,
    Instant,
    Line,
    Place,
    Prose,
    Sector,
    Sequence,
    SourceCode,
    SourceId,
    Truth,
)

Verdict = Literal["done", "half done", "not done", "cannot tell"]
Lapse = Literal["no answer", "no finding"]
Stage = Literal["first", "appeal"]
Appellant = Literal["owner", "reporter"]

MOST_PICTURES = 3
"""Of one finding."""


class CheckingTerms(BaseModel):
    """As the charter's `checking.toml` said when done was claimed: `agree` findings settle; who is
    drawn answers within `answer_days`, finds within `find_days`, and at most `most_drawn` are drawn
    at each stage. Fewer than `candidates` widen the place. Nobody is drawn who was `often` times
    within `often_days`. What is left of a half is due after `rest_days`, an appeal is made within
    `appeal_days`."""

    model_config = ConfigDict(frozen=True)

    version: Count = 1
    agree: Count = 2
    answer_days: Count = 3
    find_days: Count = 7
    most_drawn: Count = 9
    candidates: Count = 5
    often: Count = 3
    often_days: Count = 30
    rest_days: Count = 30
    appeal_days: Count = 14


# --- What a check says of it ----------------------------------------------


class ClaimMade(CheckEvent):
    """Done was claimed under a charter that has claims checked; `check_id` and `claimed_at` tell
    which claim."""

    source: SourceCode
    source_id: SourceId
    task: Line
    report_id: Id | None
    claimed_at: Instant
    terms: CheckingTerms


class CheckingAsked(ClaimMade):
    """What is not public is shown to no checker, so of that none is asked."""


class CheckingAwaited(ClaimMade):
    """Owner and task wait for an editor: who was ready before this event may check the claim, once
    they are passed."""


class CheckingReleased(CheckEvent):
    """An editor has passed the words of what was claimed done before."""

    claimed_at: Instant
    released_at: Instant


class AppealAsked(CheckEvent):
    """Its owner appeals against the verdict of a checking."""

    checking_id: Id
    reason: Line
    asked_at: Instant


class ClaimUpheld(LaterCheckEvent):
    """Checkers found it done, as claimed for `done_at`."""

    version: ClassVar[int] = 1

    checking_id: Id
    done_at: Instant
    late: Truth
    upheld_at: Instant


class ClaimRefuted(LaterCheckEvent):
    """Checkers did not find it done: the clock runs as if nothing had been claimed."""

    version: ClassVar[int] = 1

    checking_id: Id
    done_at: Instant
    verdict: Verdict
    refuted_at: Instant


class ClaimUnchecked(LaterCheckEvent):
    """Nobody was left who could tell: the claim for `done_at` stands as its owner made it, unless
    it is found on after an appeal."""

    version: ClassVar[int] = 1

    checking_id: Id
    done_at: Instant
    unchecked_at: Instant


class CheckHalved(ToldCheckEvent, LaterCheckEvent):
    """It is final that half was done: the rest goes on as the commitment `rest_id`, that its source
    calls `rest_source_id`, of who owns it now; and is as public as this one is."""

    version: ClassVar[int] = 1

    checking_id: Id
    source: SourceCode
    task: Line
    report_id: Id | None
    rest_id: Id
    rest_source_id: SourceId
    rest_due_at: Instant
    halved_at: Instant


# --- Checkers -------------------------------------------------------------


class CheckerEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "checker"
    key: ClassVar[str] = "member_id"

    member_id: Id


class CheckerQualified(CheckerEvent):
    """A member qualified for `place` and all that lies in it, as PROMOTION says."""


class CheckerUnqualified(CheckerEvent):
    """The member holds no qualification any more, as PROMOTION says: nobody draws them until they
    qualify again. Where they were drawn before they find still."""


class CheckerReady(CheckerEvent):
    """The member lets themselves be drawn; of owners that are in `ties` for none, and with nobody
    who shares one of their `societies`."""

    ties: tuple[Line, ...]
    societies: tuple[Line, ...]
    ready_at: Instant


class CheckerSteppedBack(CheckerEvent):
    """The member is drawn no more."""

    stepped_back_at: Instant


# --- One checking ---------------------------------------------------------


class CheckingEvent(Event):
    """`wake_at` is when it is to be looked at next, as of this event; null where nothing waits, or
    where another event of the same moment follows."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "checking"
    key: ClassVar[str] = "checking_id"

    checking_id: Id
    check_id: Id
    sector: Sector
    wake_at: Instant | None = None


class CheckingOpened(CheckingEvent):
    """`claim_id` is that of the `CheckingAsked` and `claimed_in` its sequence in INTAKE: of that id
    follows the seed, and who was not ready before it is not drawn."""

    source: SourceCode
    source_id: SourceId
    owner: Line
    task: Line
    report_id: Id | None
    due_at: Instant
    claimed_at: Instant
    claim_id: Id
    claimed_in: Sequence
    terms: CheckingTerms
    opened_at: Instant


class CheckingBegun(CheckingEvent):
    """What it is about may be shown by now; until then nobody was drawn, and it had no timer."""

    begun_at: Instant


class CheckersDrawn(CheckingEvent):
    """The lot, as anybody can draw it again: `candidates` in the order of the SHA-256 of seed,
    stage and id (see `services.intake.domain.draw`), without those who are `passed_over` for a
    society. `drawn_at_place` is wider than the check's own by `widened` steps, where there they
    were too few; as the rows knew them at `as_of` in INTAKE. `digest` is that of the candidates.
    So many are `missing`: there was nobody else, anywhere."""

    stage: Stage
    seed: Digest
    digest: Digest
    candidates: tuple[Id, ...]
    drawn_at_place: Place
    widened: Count
    as_of: Sequence
    drawn: tuple[Id, ...]
    passed_over: tuple[Id, ...]
    missing: Count
    answer_by: Instant
    drawn_at: Instant


class CheckerAccepted(CheckingEvent):
    member_id: Id
    find_by: Instant
    accepted_at: Instant


class CheckerDeclined(CheckingEvent):
    member_id: Id
    declined_at: Instant


class CheckerLapsed(CheckingEvent):
    """The member said nothing by when they were to."""

    member_id: Id
    lapse: Lapse
    lapsed_at: Instant


class FindingGiven(CheckingEvent):
    """What a checker saw, where and when; `rests_on` is the state of the checking that they had
    before them."""

    stage: Stage
    member_id: Id
    verdict: Verdict
    words: Prose
    seen_at_place: Place
    seen_at: Instant
    rests_on: Count
    given_at: Instant


class FindingConflicted(FindingGiven):
    """A finding that came when the checking had gone on: it is kept and shown, and counts for
    nothing. `stands_at` is the state that it met."""

    stands_at: Count


class FindingPictured(CheckingEvent):
    """A picture goes with a finding, as a file goes with a report: sealed by a key of the member's
    `files`, and named by a `digest` under it. It `may_be_shown` to everybody where they said so;
    version 1 knew nothing of that, and nobody had been asked."""

    version: ClassVar[int] = 2

    member_id: Id
    files: Id
    may_be_shown: Truth = False
    digest: Id
    media_type: Annotated[Prose, Sealed("files")]
    size: Count
    pictured_at: Instant


class FindingPointed(CheckingEvent):
    """At which point the checker stood, rounded as the charter has public ones."""

    member_id: Id
    point: Annotated[Prose, Sealed("member_id")]
    pointed_at: Instant


class CheckDisputed(CheckingEvent):
    """Findings contradict each other; more checkers are drawn."""

    stage: Stage
    disputed_at: Instant


class VerdictReached(CheckingEvent):
    """So many findings agree, of `agreed`. `undecided` where nobody was left to be drawn: then what
    somebody saw undone is not done, and what nobody saw stays as it was claimed."""

    stage: Stage
    verdict: Verdict
    undecided: Truth
    agreed: tuple[Id, ...]
    done_at: Instant
    reached_at: Instant


class AppealMade(CheckingEvent):
    """Once, by the owner or the reporter: people from elsewhere are drawn."""

    appellant: Appellant
    reason: Line
    appealed_at: Instant


class CheckingClosed(CheckingEvent):
    """The verdict is final. Half done, the rest is `rest_id`, due at `rest_due_at`, and its source
    calls it `rest_source_id`."""

    verdict: Verdict
    undecided: Truth
    source: SourceCode
    owner: Line
    task: Line
    rest_id: Id | None
    rest_source_id: SourceId | None
    rest_due_at: Instant | None
    closed_at: Instant


class CheckerCredited(CheckingEvent):
    """The member found what the final verdict says. For promotion to count."""

    member_id: Id
    credited_at: Instant
