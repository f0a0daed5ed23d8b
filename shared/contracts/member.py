"""The events of one member; only promotion writes them."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import Event, EventRef
from shared.contracts.values import (
    Count,
    Day,
    Digest,
    Id,
    Line,
    Sector,
    Sequence,
    Share,
    TrackName,
    Truth,
)


class MemberEvent(Event):
    """`confidential` when a confidential report has a part in it, `protected` when one that is
    protected has."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "member"
    key: ClassVar[str] = "member_id"

    member_id: Id
    confidential: Truth
    protected: Truth = True


class ReportCredited(MemberEvent):
    """A confirmed report counts for its member; `earned_by` is the `ReportConfirmed`. `confirmer`
    is the same for all that one actor confirmed, and says nothing of who that is; versions 1 and 2
    did not tell them apart."""

    version: ClassVar[int] = 3

    report_id: Id
    sector: Sector
    on: Day
    earned_by: EventRef
    confirmer: Id | Literal[""] = ""


class RefutationNoted(MemberEvent):
    """A refuted report counts against the member who filed it."""

    version: ClassVar[int] = 2

    report_id: Id
    sector: Sector
    on: Day
    noted_from: EventRef


class OutcomeTakenBack(MemberEvent):
    """The report was reopened: its credit counts no more, or its refutation against nobody. `on`
    and `confirmer` are those of what is taken back, `taken_back_for` is the `ReportReopened`, of
    the day `taken_back_on`, which version 1 did not tell."""

    version: ClassVar[int] = 2

    report_id: Id
    sector: Sector
    outcome: Literal["confirmed", "refuted"]
    on: Day
    confirmer: Id | Literal[""]
    taken_back_for: EventRef
    taken_back_on: Day | None = None


class MemberQualified(MemberEvent):
    """The track's rule was met by the `confirmed` credits that stand before it in the member's log,
    less those that were taken back by then.

    `digest` is that of the ids of the `ReportConfirmed` events behind all credits before it, in
    their order (see `shared.contracts.proof`). Version 1 listed those events in `earned_by`.
    `refuted_share` is refuted / (confirmed + refuted), from 0 to 1.
    """

    version: ClassVar[int] = 3

    track: TrackName
    rule_version: Count
    on: Day
    confirmed: Count
    sectors: Count
    days: Count
    refuted_share: Share
    digest: Digest
    earned_by: tuple[EventRef, ...] = ()


# --- What becomes of a qualification ---------------------------------------


class Lack(BaseModel):
    """A figure that a rule asks for: how much it `wanted`, and how much there was; in millionths,
    so that every machine comes to the same."""

    model_config = ConfigDict(frozen=True)

    what: Line
    wanted: Sequence
    has: Sequence


class QualificationEvent(MemberEvent):
    """Of one track; `rule_version` is that by which the member had qualified, and `place` that of
    the qualification."""

    track: TrackName
    rule_version: Count
    on: Day


class QualificationWavered(QualificationEvent):
    """Its figures fell below nine tenths of what the rule wants, on the day `on`; it lapses at the
    beginning of `lapses_on` unless they rise again before."""

    lacks: tuple[Lack, ...]
    lapses_on: Day


class QualificationSteadied(QualificationEvent):
    """They rose again in time."""


class QualificationEnded(QualificationEvent):
    """The member is qualified on it no more, and on so many tracks still as `holds` says.

    `digest` is that of the ids of the `ReportConfirmed` events behind all credits before it, as in
    `MemberQualified`: with what was taken back, these are its evidence.
    """

    lacks: tuple[Lack, ...]
    holds: Count
    digest: Digest


class QualificationLapsed(QualificationEnded):
    """It had wavered `since` that day, and did not rise."""

    since: Day


class QualificationRevoked(QualificationEnded):
    """What it rested on was taken back: by the `ReportReopened` in `taken_back_for` the rule is not
    met any more. Or the qualification that comes before it was revoked so; then nothing `lacks`."""

    taken_back_for: EventRef
