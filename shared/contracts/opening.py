"""The events of one opening of a report's sealed words; only intake writes them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.roles import Role
from shared.contracts.values import Id, Instant, Line, Place, Truth


class OpeningEvent(Event):
    """`by` is a digest of who does it, the same in each of their roles."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "opening"
    key: ClassVar[str] = "opening_id"

    opening_id: Id
    report_id: Id
    place: Place = EVERYWHERE
    role: Role
    by: Id


class OpeningAsked(OpeningEvent):
    """`second_person` says whether the charter wants another one to allow it. `reason` names
    nobody."""

    reason: Line
    asked_at: Instant
    second_person: Truth


class OpeningAllowed(OpeningEvent):
    """Who asked may be shown the words, once."""

    allowed_at: Instant


class OpeningDeclined(OpeningEvent):
    """Nobody is shown anything. `reason` names nobody."""

    reason: Line
    declined_at: Instant


class OpeningUsed(OpeningEvent):
    """Who asked comes for the words; what they are shown says `ReportUnsealed` of the report."""

    used_at: Instant
