"""What outsiders may see: redacted events under public ids; only publishing writes them.

They carry days instead of hours, no text, no correspondent, and no id that is used inside.
"""

from datetime import UTC, date, datetime, time
from typing import ClassVar, Literal

from shared.contracts.event import Event
from shared.contracts.reckoning import Reckoning
from shared.contracts.values import (
    Count,
    Day,
    Digest,
    Id,
    Latitude,
    Line,
    Longitude,
    Sector,
    Share,
    Tier,
    TrackName,
    Truth,
)


class PublicEvent(Event):
    """Its id stands in the body and in `ce-subject`, and not in the subject: nobody loads by it,
    and the log server keeps memory for each subject that there is."""

    service: ClassVar[str] = "public"

    @property
    def subject(self) -> str:
        """`public.{aggregate}.{Event}.{place…}`."""
        return f"{self.service}.{self.aggregate}.{type(self).__name__}.{self.place}"

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.subject, super().subject)


class PublicReportEvent(PublicEvent):
    """Of a protected report `on` is the day of its release, and `place` and `sector` say no more
    than more than a few share; without `sector` it is about any. Version 1 had one always."""

    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report"
    version: ClassVar[int] = 2

    report: Id
    sector: Sector | None
    on: Day


class ReportFiled(PublicReportEvent):
    """`token` is the digest of what who filed it was given to ask by, if it was given: it tells
    nothing to anybody else. `latitude` and `longitude` are rounded. Of a protected report there is
    neither; version 2 had no token ever, version 3 no point."""

    version: ClassVar[int] = 4

    token: Digest | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class ReportConfirmed(PublicReportEvent):
    pass


class ReportRefuted(PublicReportEvent):
    pass


class PublicReportNews(PublicEvent):
    """What happens to a report beside its outcome; only of those that are told of at once."""

    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report"

    report: Id
    sector: Sector
    on: Day


class ReportCorroborated(PublicReportNews):
    """One more has seen it; who, is not told."""


class ReportHalfFixed(PublicReportNews):
    """It is still open."""


class ReportReopened(PublicReportNews):
    """What was told to have come of it counts no more."""


class PublicFileEvent(PublicEvent):
    """Of a picture that goes with a report; `picture` names it, and nothing else."""

    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report"

    report: Id
    sector: Sector
    picture: Id
    on: Day


class FilePassed(PublicFileEvent):
    """It can be seen."""


class FileTakenBack(PublicFileEvent):
    """It can not be seen any more, and whoever has a copy is asked to delete it."""


class PublicCheckEvent(PublicEvent):
    """Days are those of the instance's zone. Version 1 had moments; of these the day is in UTC.
    `owner` is not told before an editor has passed it, or a trusted source gave it; version 2 had
    one always."""

    version: ClassVar[int] = 3
    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    owner: Line | None
    due_on: Day

    @property
    def due_at(self) -> datetime:
        """As rows of older versions keep it."""
        return _begun(self.due_on)


class _Done(PublicCheckEvent):
    done_on: Day

    @property
    def done_at(self) -> datetime:
        """As rows of older versions keep it."""
        return _begun(self.done_on)


class CheckOpened(PublicCheckEvent):
    """`reckoning` is how `due_on` follows from a rule of the charter, if it does; before version 4
    none did."""

    version: ClassVar[int] = 4

    reckoning: Reckoning | None = None


class DoneClaimed(_Done):
    """It takes effect for `done_on`. Its owner says that it was done on `said_on`, by the due day,
    but said so only after it: that counts once checkers have upheld it. Before version 4 it did at
    once."""

    version: ClassVar[int] = 4

    late: Truth
    said_on: Day | None = None


class CheckOverdue(PublicCheckEvent):
    """`task`, and `to` whom it was passed up in further tiers, are told as the owner is. Before
    version 4 there was the first tier alone."""

    version: ClassVar[int] = 4

    task: Line | None
    tier: Tier = 1
    to: Line | None = None


class OverdueWithdrawn(_Done):
    pass


class CheckHandedOver(PublicEvent):
    """`owner` had it until `on`, `to` has it from then on, due on the same day and `overdue` as it
    was; it is the check's first handing over, or whatever `number` it has. Names are not told
    before an editor has passed them, and `reason` is only if whoever gave it is trusted."""

    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    owner: Line | None
    due_on: Day
    to: Line | None
    overdue: Truth
    reason: Line | None
    on: Day
    number: Count


class CheckWordsPassed(PublicEvent):
    """What was not told of a check before. `task` is, once it is overdue."""

    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    owner: Line
    task: Line | None


def _begun(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class MemberQualified(PublicEvent):
    """`member` is a public pseudonym; the event names no report. Of a protected member `on` is the
    day of the release, the pseudonym another one on each track, and the figures are not told: they
    could be somebody's only. Version 1 had them always."""

    aggregate: ClassVar[str] = "member"
    key: ClassVar[str] = "member"
    version: ClassVar[int] = 2

    member: Id
    track: TrackName
    rule_version: Count
    on: Day
    confirmed: Count | None
    sectors: Count | None
    days: Count | None
    refuted_share: Share | None


class PublicQualificationEnded(PublicEvent):
    """`member` qualified on the track no more, as of `on`; the pseudonym and `rule_version` are
    those of its `MemberQualified`. Of a protected member `on` is the day of the release."""

    aggregate: ClassVar[str] = "member"
    key: ClassVar[str] = "member"

    member: Id
    track: TrackName
    rule_version: Count
    on: Day


class QualificationLapsed(PublicQualificationEnded):
    """The rule was not met any more, for longer than its time of grace."""


class QualificationRevoked(PublicQualificationEnded):
    """What it rested on was taken back."""


TAKEN_BACK = "It was not to be public."
"""The reason where a rule took it back, and nobody of the staff gave one. The log has it so for
ever; pages and feeds say it in their own language."""


class PublicWithdrawn(PublicEvent):
    """What was public of a report or check is taken back, with all that is still to come of it.
    `id` is its public id; `reason` is written for readers."""

    aggregate: ClassVar[str] = "withdrawal"
    key: ClassVar[str] = "id"

    what: Literal["report", "check"]
    id: Id
    sector: Sector
    reason: Line
    on: Day
