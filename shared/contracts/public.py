"""What outsiders may see: redacted events under public ids; only publishing writes them.

They carry days instead of hours, no text, no correspondent, and no id that is used inside.
"""

from datetime import date
from typing import ClassVar

from shared.contracts.event import Event, Id, Instant
from shared.contracts.place import Sector


class PublicReportEvent(Event):
    service: ClassVar[str] = "public"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report"

    report: Id
    sector: Sector
    on: date


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
    owner: str
    due_at: Instant


class CheckOpened(PublicCheckEvent):
    pass


class DoneClaimed(PublicCheckEvent):
    done_at: Instant
    late: bool


class CheckOverdue(PublicCheckEvent):
    task: str


class OverdueWithdrawn(PublicCheckEvent):
    done_at: Instant


class MemberQualified(Event):
    """`member` is a public pseudonym; the event names no report."""

    service: ClassVar[str] = "public"
    aggregate: ClassVar[str] = "member"
    key: ClassVar[str] = "member"

    member: Id
    track: str
    rule_version: int
    on: date
    confirmed: int
    sectors: int
    days: int
    refuted_share: float
