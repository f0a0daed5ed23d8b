"""A key that signs credentials: announced once, and good until it is ended."""

from dataclasses import dataclass

from shared.contracts.issuer_key import IssuerKeyAnnounced, IssuerKeyEnded, IssuerKeyEvent
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class AnnounceIssuerKey:
    announced: IssuerKeyAnnounced

    @property
    def key_id(self) -> Id:
        return self.announced.key_id


@dataclass(frozen=True, slots=True)
class EndIssuerKey:
    ended: IssuerKeyEnded

    @property
    def key_id(self) -> Id:
        return self.ended.key_id


@dataclass(frozen=True, slots=True)
class IssuerKey:
    is_announced: bool = False
    is_ended: bool = False


class EndedKeyError(DomainError):
    pass


class NoKeyError(DomainError):
    pass


def decide(command: AnnounceIssuerKey | EndIssuerKey, key: IssuerKey) -> list[IssuerKeyEvent]:
    match command:
        case AnnounceIssuerKey() if key.is_ended:
            raise EndedKeyError("this key was ended; promotion needs another one")
        case AnnounceIssuerKey(announced):
            return [] if key.is_announced else [announced]
        case EndIssuerKey() if not key.is_announced:
            raise NoKeyError("no such key was announced")
        case EndIssuerKey(ended):
            return [] if key.is_ended else [ended]


def evolve(key: IssuerKey, event: IssuerKeyEvent) -> IssuerKey:
    match event:
        case IssuerKeyAnnounced():
            return IssuerKey(is_announced=True)
        case IssuerKeyEnded():
            return IssuerKey(is_announced=True, is_ended=True)
        case _:
            return key


category = Category(
    service="promotion",
    name="issuer-key",
    decider=Decider[AnnounceIssuerKey | EndIssuerKey, IssuerKeyEvent, IssuerKey](
        initial_state=IssuerKey(), decide=decide, evolve=evolve
    ),
    commands=(AnnounceIssuerKey, EndIssuerKey),
    key="key_id",
)
