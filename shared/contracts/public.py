"""What outsiders may see: redacted events under public ids; only publishing writes them.

They carry days instead of hours, no text, no correspondent, and no id that is used inside.
"""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.values import Count, Day, Id, Instant, Line, Sector, Share, TrackName, Truth


class PublicReportEvent(Event):
    service: ClassVar[str] = "public"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report"

    report: Id
    sector: Sector
    on: Day


class ReportFiled(PublicReportEvent):
    pass


class ReportConfirmed(PublicReportEvent):
    pass


class ReportRefuted(PublicReportEvent):
    pass


class PublicCheckEvent(Event):
    service: ClassVar[str] = "public"
    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    owner: Line
    due_at: Instant


class CheckOpened(PublicCheckEvent):
    pass


class DoneClaimed(PublicCheckEvent):
    done_at: Instant
    late: Truth


class CheckOverdue(PublicCheckEvent):
    task: Line


class OverdueWithdrawn(PublicCheckEvent):
    done_at: Instant


class MemberQualified(Event):
    """`member` is a public pseudonym; the event names no report."""

    service: ClassVar[str] = "public"
    aggregate: ClassVar[str] = "member"
    key: ClassVar[str] = "member"

    member: Id
    track: TrackName
    rule_version: Count
    on: Day
    confirmed: Count
    sectors: Count
    days: Count
    refuted_share: Share
