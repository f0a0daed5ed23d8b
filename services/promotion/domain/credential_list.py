"""A list that says which credentials are revoked: each gets a place that tells nothing of it."""

from dataclasses import dataclass, field

from rpds import HashTrieMap, HashTrieSet

from shared.contracts.credential import CredentialEntered, CredentialListEvent
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

LENGTH = 131_072
"""Bits; with fewer a list would tell who asks for it too much of which credential they look at."""

MOST = LENGTH // 2


@dataclass(frozen=True, slots=True)
class EnterCredential:
    list_id: Id
    credential_id: Id


@dataclass(frozen=True, slots=True)
class CredentialList:
    places: "HashTrieMap[str, int]" = field(default_factory=HashTrieMap)
    taken: "HashTrieSet[int]" = field(default_factory=HashTrieSet)


class FullError(DomainError):
    pass


def decide(command: EnterCredential, state: CredentialList) -> list[CredentialListEvent]:
    list_id, credential_id = command.list_id, command.credential_id
    if credential_id in state.places:
        return []
    if len(state.places) >= MOST:
        raise FullError("it takes no more")
    index = int(credential_id[:8], 16) % LENGTH
    while index in state.taken:
        index = (index + 1) % LENGTH
    return [CredentialEntered(list_id=list_id, credential_id=credential_id, index=index)]


def evolve(state: CredentialList, event: CredentialListEvent) -> CredentialList:
    match event:
        case CredentialEntered(credential_id=credential_id, index=index):
            places = state.places.insert(credential_id, index)
            return CredentialList(places, state.taken.insert(index))
        case _:
            return state


category = Category(
    service="promotion",
    name="credential-list",
    decider=Decider[EnterCredential, CredentialListEvent, CredentialList](
        initial_state=CredentialList(), decide=decide, evolve=evolve
    ),
    commands=(EnterCredential,),
    key="list_id",
)
