"""A society that is abused: the staff suspend it with a reason, and its members appeal once."""

from dataclasses import dataclass

from services.promotion.domain.society_rules import (
    AppealedError,
    NoAppealError,
    SamePersonError,
    require_member,
)
from services.promotion.domain.society_state import Society
from shared.contracts.society import (
    AppealDeclined,
    SocietyEvent,
    SocietyReinstated,
    SocietySuspended,
    SuspensionAppealed,
)
from shared.contracts.values import Id, Line, UtcInstant


@dataclass(frozen=True, slots=True)
class SuspendSociety:
    society_id: Id
    by: Id
    reason: Line
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class AppealSuspension:
    society_id: Id
    by: Id
    words: Id
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class DeclineAppeal:
    society_id: Id
    by: Id
    reason: Line
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class ReinstateSociety:
    """Whoever suspended it may take that back as long as nobody has appealed."""

    society_id: Id
    by: Id
    reason: Line
    at: UtcInstant


Suspension = SuspendSociety | AppealSuspension | DeclineAppeal | ReinstateSociety


def decide(command: Suspension, society: Society) -> list[SocietyEvent]:
    """Of a society that is there and not dissolved."""
    common = {"society_id": command.society_id, "place": society.place, "at": command.at}
    is_suspended = society.life == "suspended"
    match command:
        case SuspendSociety(by=by, reason=reason):
            return [] if is_suspended else [SocietySuspended(**common, by=by, reason=reason)]
        case AppealSuspension(by=by, words=words):
            require_member(society, by)
            if not is_suspended or society.appeal == "open":
                return []
            if society.appeal == "declined":
                raise AppealedError("It was appealed against already.")
            return [SuspensionAppealed(**common, by=by, words=words)]
        case DeclineAppeal(by=by, reason=reason):
            if not is_suspended or society.appeal == "none":
                raise NoAppealError("Nobody has appealed.")
            if society.appeal == "declined":
                return []
            _require_somebody_else(society, by)
            return [AppealDeclined(**common, by=by, reason=reason)]
        case ReinstateSociety(by=by, reason=reason):
            if not is_suspended:
                return []
            if society.appeal == "open":
                _require_somebody_else(society, by)
            return [SocietyReinstated(**common, by=by, reason=reason)]


def _require_somebody_else(society: Society, by: str) -> None:
    if by == society.suspended_by:
        raise SamePersonError("Somebody else decides about the appeal.")
