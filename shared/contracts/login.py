"""The events of one login, by which somebody signs in; only promotion writes them."""

from typing import ClassVar, Literal

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Id, Instant, Place

Holder = Literal["member", "staff"]
Secret = Literal["passphrase", "code", "passkey", "recovery"]
"""A code is what an authenticator shows; recovery codes are for when it is lost."""


class LoginEvent(Event):
    """`login_id` is random and says nothing of a person; secrets are in no event."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "login"
    key: ClassVar[str] = "login_id"

    login_id: Id
    place: Place = EVERYWHERE


class LoginOpened(LoginEvent):
    """From now on somebody may sign in by it."""

    holder: Holder


class SecretReplaced(LoginEvent):
    """What its holder signs in with is another one since `at`."""

    what: Secret
    at: Instant


class SecretRemoved(LoginEvent):
    """One of several things that its holder signed in with is good no more since `at`."""

    what: Secret
    at: Instant


class SignedOut(LoginEvent):
    """The one session that was begun at that moment is over, for every service."""

    begun: Instant


class SignedOutEverywhere(LoginEvent):
    """Sessions that were begun up to `until` are over, in every browser and for every service."""

    until: Instant


class LoginClosed(LoginEvent):
    """Nobody signs in by it any more, and all its sessions are over."""
