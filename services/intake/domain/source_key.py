"""A key by which a source sends over HTTP: given, replaced, revoked."""

from dataclasses import dataclass

from shared.contracts.source_key import (
    SourceKeyEvent,
    SourceKeyGiven,
    SourceKeyReplaced,
    SourceKeyRevoked,
)
from shared.contracts.values import Digest, Id
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GiveSourceKey:
    given: SourceKeyGiven

    @property
    def key_id(self) -> Id:
        return self.given.key_id


@dataclass(frozen=True, slots=True)
class ReplaceSourceKey:
    replaced: SourceKeyReplaced

    @property
    def key_id(self) -> Id:
        return self.replaced.key_id


@dataclass(frozen=True, slots=True)
class RevokeSourceKey:
    revoked: SourceKeyRevoked

    @property
    def key_id(self) -> Id:
        return self.revoked.key_id


SourceKeyCommand = GiveSourceKey | ReplaceSourceKey | RevokeSourceKey

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceKey:
    given: SourceKeyGiven | None = None
    digests: tuple[Digest, ...] = ()
    is_revoked: bool = False


# --- Errors ---------------------------------------------------------------


class NoSourceKeyError(DomainError):
    pass


class SourceKeyRevokedError(DomainError):
    pass


class SourceKeyTakenError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: SourceKeyCommand, key: SourceKey) -> list[SourceKeyEvent]:
    match command:
        case GiveSourceKey(given) if key.given is None:
            return [given]
        case GiveSourceKey(given) if given == key.given:
            return []
        case GiveSourceKey():
            raise SourceKeyTakenError("there is a key of this id, and it is another one")
        case _ if key.given is None:
            raise NoSourceKeyError("there is no such key")
        case RevokeSourceKey(revoked):
            return [] if key.is_revoked else [revoked]
        case ReplaceSourceKey(replaced) if replaced.digest in key.digests:
            return []
        case ReplaceSourceKey() if key.is_revoked:
            raise SourceKeyRevokedError("a key that is revoked is not replaced; give another one")
        case ReplaceSourceKey(replaced):
            return [replaced]


def evolve(key: SourceKey, event: SourceKeyEvent) -> SourceKey:
    match event:
        case SourceKeyGiven():
            return SourceKey(event, (event.digest,), key.is_revoked)
        case SourceKeyReplaced():
            return SourceKey(key.given, (*key.digests, event.digest), key.is_revoked)
        case SourceKeyRevoked():
            return SourceKey(key.given, key.digests, is_revoked=True)
        case _:
            return key


category = Category(
    service="intake",
    name="source-key",
    decider=Decider[SourceKeyCommand, SourceKeyEvent, SourceKey](
        initial_state=SourceKey(), decide=decide, evolve=evolve
    ),
    commands=(GiveSourceKey, ReplaceSourceKey, RevokeSourceKey),
    key="key_id",
)
