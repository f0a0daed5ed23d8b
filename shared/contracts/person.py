"""The events of one person, of whom nothing stands here but an id that says nothing of them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Id, Instant, Line, Place, Truth


class PersonEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "person"
    key: ClassVar[str] = "person_id"

    person_id: Id
    place: Place = EVERYWHERE


class PersonErased(PersonEvent):
    """The key that told whom `person_id` stands for was destroyed, for ever. What they did stays
    counted, and what is said of them later is nobody's; or, if they `may_return`, somebody's of
    whom nothing was known before. `reason` names nobody."""

    version: ClassVar[int] = 2

    reason: Line
    erased_at: Instant
    may_return: Truth = False


class PersonErasureAnnounced(PersonEvent):
    """Nothing was heard of them for nearly as long as the charter says: they are erased at
    `erase_at`, unless something is by then. An announcement replaces earlier ones."""

    erase_at: Instant
    announced_at: Instant
