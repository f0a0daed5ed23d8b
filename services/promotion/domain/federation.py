"""A society in federations: its officers ask, the federation's admit, and either ends it."""

from dataclasses import dataclass
from typing import Any

from services.promotion.domain.society_registered import require_own_words
from services.promotion.domain.society_rules import require_officer
from services.promotion.domain.society_state import Society
from shared.contracts.society import (
    MOST_FEDERATIONS,
    FederationAsked,
    FederationJoined,
    FederationLeft,
    SocietyEvent,
)
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class _OfFederation:
    society_id: Id
    by: Id
    at: UtcInstant
    federation_id: Id


class AskFederation(_OfFederation):
    """By an officer of the society."""


class AdmitToFederation(_OfFederation):
    """By an officer of the federation, as whoever gives this has seen."""


class LeaveFederation(_OfFederation):
    """By an officer of the society; what was only asked is taken back."""


class PartFromFederation(_OfFederation):
    """By an officer of the federation, as whoever gives this has seen; or it was only asked, and is
    declined."""


FederationCommand = AskFederation | AdmitToFederation | LeaveFederation | PartFromFederation


class InItselfError(DomainError):
    """A federation would be a member of itself, by others or at once."""


class NotAskedError(DomainError):
    """No society is made a member that did not ask."""


class TooManyFederationsError(DomainError):
    pass


def decide(command: FederationCommand, society: Society) -> list[SocietyEvent]:
    """Of a society that is there, and neither suspended nor ended."""
    whom = command.federation_id
    said: dict[str, Any] = {
        "society_id": command.society_id,
        "place": society.place,
        "at": command.at,
        "federation_id": whom,
        "by": command.by,
    }
    if isinstance(command, AskFederation | LeaveFederation):
        require_officer(society, command.by)
        require_own_words(society)
    is_known = whom in society.federations or whom in society.asked
    match command:
        case AskFederation():
            if whom == command.society_id:
                raise InItselfError("A federation is no member of itself.")
            if is_known:
                return []
            if len(society.federations | society.asked) >= MOST_FEDERATIONS:
                raise TooManyFederationsError("So many federations are enough for one society.")
            return [FederationAsked(**said)]
        case AdmitToFederation():
            if whom in society.federations:
                return []
            if whom not in society.asked:
                raise NotAskedError("This society has not asked.")
            return [FederationJoined(**said)]
        case LeaveFederation() | PartFromFederation():
            return [FederationLeft(**said)] if is_known else []
