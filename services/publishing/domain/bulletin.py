"""The life of a bulletin: composed, read by a second person, issued, corrected, withdrawn."""

from dataclasses import dataclass
from typing import Any

from services.publishing.domain.bulletin_state import Bulletin, evolve
from services.publishing.domain.share import lacking
from shared.contracts.bulletin import (
    BulletinCalled,
    BulletinComposed,
    BulletinCorrected,
    BulletinEvent,
    BulletinIssued,
    BulletinReviewed,
    BulletinWithdrawn,
)
from shared.contracts.values import Count, Id, Instant, Line
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallBulletin:
    """The charter's day has come."""

    called: BulletinCalled

    @property
    def bulletin_id(self) -> Id:
        return self.called.bulletin_id


@dataclass(frozen=True, slots=True)
class ComposeBulletin:
    """Also of an issue that appeared, to correct it."""

    composed: BulletinComposed

    @property
    def bulletin_id(self) -> Id:
        return self.composed.bulletin_id


@dataclass(frozen=True, slots=True)
class ReviewBulletin:
    """`edition` is what they have read."""

    bulletin_id: Id
    edition: Count
    by: Id
    at: Instant


@dataclass(frozen=True, slots=True)
class IssueBulletin:
    """`reason` says why it is below what the terms say, if it is; a correction says `why`."""

    bulletin_id: Id
    edition: Count
    by: Id
    at: Instant
    reason: Line | None = None
    why: Line | None = None


@dataclass(frozen=True, slots=True)
class WithdrawBulletin:
    bulletin_id: Id
    by: Id
    at: Instant
    reason: Line


Command = CallBulletin | ComposeBulletin | ReviewBulletin | IssueBulletin | WithdrawBulletin

# --- Errors ---------------------------------------------------------------


class NoBulletinError(DomainError):
    pass


class BulletinWithdrawnError(DomainError):
    pass


class OtherEditionError(DomainError):
    """Somebody has composed it meanwhile."""


class OwnBulletinError(DomainError):
    pass


class NotReadError(DomainError):
    pass


class BelowFloorError(DomainError):
    pass


class NoWhyError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: Command, bulletin: Bulletin) -> list[BulletinEvent]:
    match command:
        case CallBulletin(called=called):
            return [called] if bulletin.stage == "unknown" else []
        case ComposeBulletin(composed=given):
            return _composed(given, bulletin)
    composed = bulletin.composed
    if composed is None:
        raise NoBulletinError("nobody has composed such an issue")
    where = {
        "bulletin_id": command.bulletin_id,
        "place": composed.place,
        "number": composed.number,
        "at": command.at,
        "by": command.by,
    }
    match command:
        case WithdrawBulletin(reason=reason):
            told = {"reason": reason, "issued": bulletin.issued > 0}
            return [] if bulletin.stage == "withdrawn" else [BulletinWithdrawn(**where, **told)]
        case _ if bulletin.stage == "withdrawn":
            raise BulletinWithdrawnError("it is withdrawn for ever")
        case _ if command.edition != composed.edition:
            raise OtherEditionError("it has been composed anew meanwhile")
        case ReviewBulletin(edition=edition):
            if bulletin.stage != "composed":
                return []
            if command.by == composed.by:
                raise OwnBulletinError("who composed it can not be the second person")
            return [BulletinReviewed(**where, edition=edition)]
        case IssueBulletin():
            return _issued(command, bulletin, composed, where)


def _composed(composed: BulletinComposed, bulletin: Bulletin) -> list[BulletinEvent]:
    """What nobody composed by hand is composed once."""
    before = bulletin.composed
    if before == composed or (before and composed.by is None):
        return []
    if bulletin.stage == "withdrawn":
        raise BulletinWithdrawnError("it is withdrawn for ever")
    if composed.edition != bulletin.edition + 1:
        raise OtherEditionError("it has been composed anew meanwhile")
    return [composed]


def _issued(
    command: IssueBulletin, bulletin: Bulletin, composed: BulletinComposed, where: dict[str, Any]
) -> list[BulletinEvent]:
    if bulletin.stage == "issued":
        return []
    if bulletin.stage != "reviewed":
        raise NotReadError("a second person has not read it yet")
    if composed.by is None and command.by == bulletin.reader:
        raise OwnBulletinError("nobody composed it, so who read it can not be who issues it")
    is_below = bool(lacking(composed.items, composed.heard, composed.terms))
    if is_below and command.reason is None:
        raise BelowFloorError("it is below what the charter says; say why")
    reason = command.reason if is_below else None
    names = ("edition", "first", "last", "terms", "items", "heard")
    contents = {name: getattr(composed, name) for name in names} | {"reason": reason}
    if not bulletin.issued:
        return [BulletinIssued(**where, **contents)]
    if command.why is None:
        raise NoWhyError("a correction says why")
    return [BulletinCorrected(**where, **contents, why=command.why)]


category = Category(
    service="publishing",
    name="bulletin",
    decider=Decider[Command, BulletinEvent, Bulletin](
        initial_state=Bulletin(), decide=decide, evolve=evolve
    ),
    commands=(ComposeBulletin, ReviewBulletin, IssueBulletin, WithdrawBulletin),
    key="bulletin_id",
    inner=(CallBulletin,),
)
