"""The events of one report; only intake writes them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.values import Id, Instant, Prose, Sector, SourceCode, SourceId, Truth


class ReportEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report_id"

    report_id: Id
    sector: Sector
    confidential: Truth


class ReportFiled(ReportEvent):
    """`correspondent` is a pseudonymous member id, or none when nobody is known."""

    source: SourceCode
    source_id: SourceId
    correspondent: Id | None
    text: Prose
    filed_at: Instant


class ReportConfirmed(ReportEvent):
    correspondent: Id | None
    confirmed_at: Instant
    reason: Prose


class ReportRefuted(ReportEvent):
    correspondent: Id | None
    refuted_at: Instant
    reason: Prose


class ReportMarkedDuplicate(ReportEvent):
    duplicate_of: Id
    marked_at: Instant


class ReportAnswered(ReportEvent):
    answer: Prose
    answered_at: Instant


class ReportClosed(ReportEvent):
    closed_at: Instant
    reason: Prose
