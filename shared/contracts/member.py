"""The events of one member; only promotion writes them."""

from datetime import date
from typing import ClassVar

from shared.contracts.event import Event, EventRef, Id
from shared.contracts.place import Sector


class MemberEvent(Event):
    """`confidential` when a confidential report has a part in it."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "member"
    key: ClassVar[str] = "member_id"

    member_id: Id
    confidential: bool


class ReportCredited(MemberEvent):
    """A confirmed report counts for its member; `earned_by` is the `ReportConfirmed`."""

    report_id: Id
    sector: Sector
    on: date
    earned_by: EventRef


class RefutationNoted(MemberEvent):
    """A refuted report counts against the member who filed it."""

    report_id: Id
    sector: Sector
    on: date
    noted_from: EventRef


class MemberQualified(MemberEvent):
    """The track's rule was met. `earned_by` are the very `ReportConfirmed` events that met it.

    `refuted_share` is refuted / (confirmed + refuted), from 0 to 1.
    """

    track: str
    rule_version: int
    on: date
    confirmed: int
    sectors: int
    days: int
    refuted_share: float
    earned_by: tuple[EventRef, ...]
