"""The events of one report; only intake writes them."""

from typing import ClassVar

from shared.contracts.event import Event, Id, Instant
from shared.contracts.place import Sector


class ReportEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report_id"

    report_id: Id
    sector: Sector
    confidential: bool


class ReportFiled(ReportEvent):
    """`correspondent` is a pseudonymous member id, or none when nobody is known."""

    source: str
    source_id: str
    correspondent: Id | None
    text: str
    filed_at: Instant


class ReportConfirmed(ReportEvent):
    correspondent: Id | None
    confirmed_at: Instant
    reason: str


class ReportRefuted(ReportEvent):
    correspondent: Id | None
    refuted_at: Instant
    reason: str


class ReportMarkedDuplicate(ReportEvent):
    duplicate_of: Id
    marked_at: Instant


class ReportAnswered(ReportEvent):
    answer: str
    answered_at: Instant


class ReportClosed(ReportEvent):
    closed_at: Instant
    reason: str
