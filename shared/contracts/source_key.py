"""The keys by which sources send over HTTP, as their events tell: never the key, but its digest."""

from typing import ClassVar, Literal

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Count, Digest, Id, Instant, Line, Place, SourceCode

KindOfMessage = Literal[
    "report.submitted",
    "report.resolved",
    "report.corroborated",
    "report.reopened",
    "report.attached",
    "commitment.made",
    "commitment.done",
    "commitment.handed-over",
    "commitment.paused",
    "commitment.resumed",
    "commitment.more-time-asked",
    "commitment.appealed",
    "correspondent.accredited",
    "correspondent.rested",
    "correspondent.resumed",
    "correspondent.replaced",
    "correspondent.ended",
    "society.registered",
]


class SourceKeyEvent(Event):
    """`key_id` is random: by it one speaks of a key without having it."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "source-key"
    key: ClassVar[str] = "key_id"

    key_id: Id
    place: Place = EVERYWHERE


class SourceKeyGiven(SourceKeyEvent):
    """Whoever has the key of this `digest` may send as `source`: messages of these `kinds`, or of
    all if none are named; `each_s` messages in a second, or as many as come if it is 0. By one
    `hook` alone, if one is named; version 1 knew nothing of that."""

    version: ClassVar[int] = 2

    source: SourceCode
    digest: Digest
    kinds: tuple[KindOfMessage, ...] = ()
    hook: Line | None = None
    each_s: Count = 0
    expires_at: Instant | None = None


class SourceKeyReplaced(SourceKeyEvent):
    """From now on it is another one, for the same; the old one is good no more."""

    digest: Digest


class SourceKeyRevoked(SourceKeyEvent):
    """It is good no more."""
