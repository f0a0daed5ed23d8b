"""Credentials of members: what each allowed and took back, and the lists of what is revoked."""

from typing import ClassVar, Literal

from shared.contracts.event import Event, EventRef
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Count, Day, Id, Place, Sequence, TrackName

Ended = Literal["member", "erased", "lapsed", "revoked"]
"""Why a credential is good no more: its member took it back, was erased, or lost what it says."""


class CredentialEvent(Event):
    """`credential_id` is random, and stands in what is handed out; `member_id` does not."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "credentials"
    key: ClassVar[str] = "member_id"

    member_id: Id
    credential_id: Id
    place: Place = EVERYWHERE


class CredentialAllowed(CredentialEvent):
    """A member lets the body say to whom they show it that they qualified, `until` that day.

    `earned_by` is the `MemberQualified`; only if the member wants that too, the credential tells
    the day of it, `qualified_on`. It is revoked at `index` of the list `list_id`.
    """

    track: TrackName
    rule_version: Count
    earned_by: EventRef
    list_id: Id
    index: Count
    on: Day
    until: Day
    qualified_on: Day | None = None


class CredentialWithdrawn(CredentialEvent):
    """It is revoked, for ever."""

    because: Ended


class CredentialsClosed(Event):
    """What the member was qualified on before `before`, a sequence in PROMOTION, allows no
    credential any more: on that track, or on any where none is named. Of who was erased nothing
    ever does. It stands also where there was no credential to end."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "credentials"
    key: ClassVar[str] = "member_id"

    member_id: Id
    because: Ended
    track: TrackName | None
    before: Sequence
    place: Place = EVERYWHERE


class CredentialListEvent(Event):
    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "credential-list"
    key: ClassVar[str] = "list_id"

    list_id: Id
    place: Place = EVERYWHERE


class CredentialEntered(CredentialListEvent):
    """The credential has its place in the list, and no other one ever gets it."""

    credential_id: Id
    index: Count
