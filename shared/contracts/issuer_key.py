"""The keys by which the body's credentials are verified; only promotion announces them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Digest, Id, Line, Place


class IssuerKeyEvent(Event):
    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "issuer-key"
    key: ClassVar[str] = "key_id"

    key_id: Id
    place: Place = EVERYWHERE


class IssuerKeyAnnounced(IssuerKeyEvent):
    """What it signs is good, also once another one signs. `public_key` is that of Ed25519, 32 bytes
    in hexadecimal digits."""

    public_key: Digest


class IssuerKeyEnded(IssuerKeyEvent):
    """Nothing that it signed is good any more: somebody else may have it. `reason` names nobody."""

    reason: Line
