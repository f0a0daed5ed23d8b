"""What upstream systems may say to us: the bodies of the inbox kinds."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from shared.contracts.attachment import MOST_FILES, AttachmentName
from shared.contracts.point import Point
from shared.contracts.registration import Cause, Tags
from shared.contracts.society import MOST_FEDERATIONS, Places, Sectors
from shared.contracts.values import (
    Day,
    GivenLine,
    Latitude,
    LongAgo,
    Longitude,
    Place,
    Prose,
    Pseudonym,
    RhythmDays,
    Sector,
    SourceId,
    Truth,
    UtcInstant,
)


class InboxMessage(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ReportSubmitted(InboxMessage):
    """`report.submitted`: somebody reports something about a place.

    `report` is the source's own id. `confidential` is the default: nothing of it is shown at once.
    A point leads to the place where none is named; what follows is judged in this order.
    `attachments` are files by the names under which they were uploaded for it.
    """

    report: SourceId
    latitude: Latitude | None = None
    longitude: Longitude | None = Field(None, validate_default=True)
    place: Place | None = Field(None, validate_default=True)
    sector: Sector
    text: Prose = ""
    correspondent: Pseudonym | None = None
    filed_at: UtcInstant
    confidential: Truth = True
    attachments: tuple[AttachmentName, ...] = Field((), max_length=MOST_FILES)

    @field_validator("longitude")
    @classmethod
    def _both(cls, longitude: float | None, info: ValidationInfo) -> float | None:
        if "latitude" in info.data and (info.data["latitude"] is None) != (longitude is None):
            raise ValueError("A point has both latitude and longitude.")
        return longitude

    @field_validator("place")
    @classmethod
    def _somewhere(cls, place: str | None, info: ValidationInfo) -> str | None:
        if place is None and info.data.get("latitude", 0) is None:
            raise ValueError("Field required, or latitude and longitude in its stead")
        return place

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)


class ReportResolved(InboxMessage):
    """`report.resolved`: what came of a report."""

    report: SourceId
    outcome: Literal["confirmed", "refuted", "duplicate", "closed", "half-fixed"]
    duplicate_of: SourceId | None = None
    resolved_at: UtcInstant
    reason: Prose = ""


class ReportCorroborated(InboxMessage):
    """`report.corroborated`: `correspondent`, who is not the one who filed it, has seen it too."""

    report: SourceId
    correspondent: Pseudonym
    seen_at: UtcInstant


class ReportReopened(InboxMessage):
    """`report.reopened`: what came of a report was not all; `reason` says why."""

    report: SourceId
    reopened_at: UtcInstant
    reason: Prose


class ReportAttached(InboxMessage):
    """`report.attached`: files come to a report that was filed before, by the names under which
    they were uploaded for it. When they came is when this is taken in."""

    report: SourceId
    attachments: tuple[AttachmentName, ...] = Field(min_length=1, max_length=MOST_FILES)


class CommitmentMade(InboxMessage):
    """`commitment.made`: somebody (`owner`) is to do something (`task`) by `due_at`, or by the end
    of the day `due_on` at its place; where neither is said, by when a rule of the charter says."""

    commitment: SourceId
    report: SourceId | None = None
    owner: GivenLine
    task: GivenLine
    place: Place
    sector: Sector
    made_at: UtcInstant
    due_at: UtcInstant | None = None
    due_on: Day | None = None
    confidential: Truth = True

    @field_validator("due_on")
    @classmethod
    def _one_of_them(cls, due_on: date | None, info: ValidationInfo) -> date | None:
        if due_on is not None and info.data.get("due_at") is not None:
            raise ValueError("must not be said beside due_at: it is due at that moment")
        return due_on


class CommitmentDone(InboxMessage):
    """`commitment.done`: the owner says that it is done, with effect from `done_at`."""

    commitment: SourceId
    owner: GivenLine
    done_at: UtcInstant


class CommitmentHandedOver(InboxMessage):
    """`commitment.handed-over`: from `handed_over_at` on `to` is to do what `owner` was to do, by
    when it was due before; `reason` says why."""

    commitment: SourceId
    owner: GivenLine
    to: GivenLine
    handed_over_at: UtcInstant
    reason: GivenLine


class CommitmentPaused(InboxMessage):
    """`commitment.paused`: since `paused_at` its owner waits for somebody else; `reason` says for
    whom and what. Its clock stands."""

    commitment: SourceId
    paused_at: UtcInstant
    reason: GivenLine


class CommitmentResumed(InboxMessage):
    """`commitment.resumed`: since `resumed_at` nobody else is waited for."""

    commitment: SourceId
    resumed_at: UtcInstant
    reason: GivenLine


class MoreTimeAsked(InboxMessage):
    """`commitment.more-time-asked`: its owner asks for time until the end of the day `until` at its
    place. Nothing moves before an editor grants it."""

    commitment: SourceId
    owner: GivenLine
    until: Day
    reason: GivenLine


class VerdictAppealed(InboxMessage):
    """`commitment.appealed`: its owner appeals against the last verdict on what was claimed done.
    When is when this is taken in."""

    commitment: SourceId
    owner: GivenLine
    reason: GivenLine


class CorrespondentAccredited(InboxMessage):
    """`correspondent.accredited`: somebody is to report about a place and sector, from `since` on
    (or from today) at least every `rhythm_days` days, or as often as the charter says."""

    correspondent: Pseudonym
    place: Place
    sector: Sector
    rhythm_days: RhythmDays | None = None
    since: Day | None = None


class CorrespondentRested(InboxMessage):
    """`correspondent.rested`: nothing is expected of them from one day through another one, or
    until they resume."""

    correspondent: Pseudonym
    place: Place
    sector: Sector
    from_day: Day
    until_day: Day | None = None


class CorrespondentResumed(InboxMessage):
    """`correspondent.resumed`: from today on something is expected of them again."""

    correspondent: Pseudonym
    place: Place
    sector: Sector


class CorrespondentReplaced(InboxMessage):
    """`correspondent.replaced`: from today on `successor` has the beat."""

    correspondent: Pseudonym
    place: Place
    sector: Sector
    successor: Pseudonym


class CorrespondentEnded(InboxMessage):
    """`correspondent.ended`: from today on nothing is expected of them any more."""

    correspondent: Pseudonym
    place: Place
    sector: Sector


class SocietyRegistered(InboxMessage):
    """`society.registered`: what a public register of associations says of one, by its number
    there, as of `stated_at`. What is said later replaces all of it. `federations` are those that it
    is a member of, `merged_into` the one that goes on in its stead, by their numbers in the
    register."""

    registration: SourceId
    name: GivenLine
    cause: Cause = ""
    tags: Tags = ()
    places: Places
    sectors: Sectors = ()
    stated_at: UtcInstant
    founded_on: LongAgo | None = None
    ended_on: LongAgo | None = None
    federations: tuple[SourceId, ...] = Field((), max_length=MOST_FEDERATIONS)
    merged_into: SourceId | None = None

    @field_validator("ended_on")
    @classmethod
    def _after_it_began(cls, ended_on: date | None, info: ValidationInfo) -> date | None:
        founded_on = info.data.get("founded_on")
        if ended_on is not None and founded_on is not None and ended_on < founded_on:
            raise ValueError("must not be before founded_on")
        return ended_on

    @field_validator("federations")
    @classmethod
    def _of_others(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("registration") in given:
            raise ValueError("must not name the society itself")
        return tuple(sorted(set(given)))

    @field_validator("merged_into")
    @classmethod
    def _into_another(cls, merged_into: str | None, info: ValidationInfo) -> str | None:
        if merged_into is not None and merged_into == info.data.get("registration"):
            raise ValueError("must not name the society itself")
        return merged_into


OfClock = CommitmentPaused | CommitmentResumed | MoreTimeAsked
OfBeat = (
    CorrespondentAccredited
    | CorrespondentRested
    | CorrespondentResumed
    | CorrespondentReplaced
    | CorrespondentEnded
)

INBOX_KINDS: dict[str, type[InboxMessage]] = {
    "report.submitted": ReportSubmitted,
    "report.resolved": ReportResolved,
    "report.corroborated": ReportCorroborated,
    "report.reopened": ReportReopened,
    "report.attached": ReportAttached,
    "commitment.made": CommitmentMade,
    "commitment.done": CommitmentDone,
    "commitment.handed-over": CommitmentHandedOver,
    "commitment.paused": CommitmentPaused,
    "commitment.resumed": CommitmentResumed,
    "commitment.more-time-asked": MoreTimeAsked,
    "commitment.appealed": VerdictAppealed,
    "correspondent.accredited": CorrespondentAccredited,
    "correspondent.rested": CorrespondentRested,
    "correspondent.resumed": CorrespondentResumed,
    "correspondent.replaced": CorrespondentReplaced,
    "correspondent.ended": CorrespondentEnded,
    "society.registered": SocietyRegistered,
}
