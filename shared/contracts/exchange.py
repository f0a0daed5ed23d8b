"""What the body and who filed a report say to each other under its code; only intake writes it."""

from typing import Annotated, ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.roles import Role
from shared.contracts.sealed import Sealed
from shared.contracts.values import Id, Instant, Place, Prose


class ExchangeEvent(Event):
    """Its words are sealed under the report's key, also where the report itself is open."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "exchange"
    key: ClassVar[str] = "report_id"

    report_id: Id
    place: Place = EVERYWHERE


class InquiryMade(ExchangeEvent):
    """Somebody in this role asks who filed the report."""

    role: Role
    words: Annotated[Prose, Sealed("report_id")]
    made_at: Instant


class ReplyGiven(ExchangeEvent):
    """By whoever has the code, also without having been asked."""

    words: Annotated[Prose, Sealed("report_id")]
    given_at: Instant
