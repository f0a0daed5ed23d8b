"""The events of one person, of whom nothing stands here but an id that says nothing of them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Id, Instant, Line, Place


class PersonErased(Event):
    """The key that told whom `person_id` stands for was destroyed, for ever. What they did stays
    counted, and what is said of them later is nobody's. `reason` names nobody."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "person"
    key: ClassVar[str] = "person_id"

    person_id: Id
    place: Place = EVERYWHERE
    reason: Line
    erased_at: Instant
