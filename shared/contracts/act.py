"""The events of one privileged act: who asks for it and why, and who else says yes."""

from typing import ClassVar, Literal, get_args

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Id, Instant, Line, Place, Truth

ActKind = Literal["close-login", "sign-out", "invite", "invite-again"]
"""Close somebody's login; sign somebody out everywhere; let somebody of the staff choose what to
sign in with, for the first time or once more."""

KINDS: tuple[ActKind, ...] = get_args(ActKind)


class ActEvent(Event):
    """`about` is the login that it is done to."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "act"
    key: ClassVar[str] = "act_id"

    act_id: Id
    place: Place = EVERYWHERE
    kind: ActKind
    about: Id


class ActProposed(ActEvent):
    """`by` is the login of who asks, nothing for who has the command line; `second_person` says
    whether the charter wants another one to allow it."""

    reason: Line
    by: Id | None
    at: Instant
    second_person: Truth


class ActSupported(ActEvent):
    """Where nobody is named who asked, the first of the two who have to say yes has said it."""

    by: Id
    at: Instant


class ActAllowed(ActEvent):
    """It is to be done. `by` is who asked where nobody else was wanted."""

    by: Id | None
    at: Instant


class ActDeclined(ActEvent):
    """It is not to be done."""

    reason: Line
    by: Id
