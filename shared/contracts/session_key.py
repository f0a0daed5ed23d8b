"""The key by which every service verifies sessions by itself; only promotion announces it."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Digest, Id, Place


class SessionKeyEvent(Event):
    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "session-key"
    key: ClassVar[str] = "key_id"

    key_id: Id
    place: Place = EVERYWHERE


class SessionKeyAnnounced(SessionKeyEvent):
    """`public_key` is that of Ed25519, 32 bytes in hexadecimal digits."""

    public_key: Digest
