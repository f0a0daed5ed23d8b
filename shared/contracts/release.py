"""The events of the gate's releases; only the gate writes them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Count, Day, Id, Place, Sequence


class ReleaseMade(Event):
    """What is protected and stood in INTAKE and PROMOTION up to these sequences may go out, under
    the day `on`; no figure from 1 to below `smallest` may be told by it. By `rule` 2 what comes of
    one source is grouped by itself; version 1 knew of one rule, which grouped all together. By
    `rule` 3 people are counted, and `anonymous_as_one` reports of nobody as one person; before it
    each report counted."""

    version: ClassVar[int] = 3

    service: ClassVar[str] = "gate"
    aggregate: ClassVar[str] = "release"
    key: ClassVar[str] = "release_id"

    release_id: Id
    place: Place = EVERYWHERE
    on: Day
    intake: Sequence
    promotion: Sequence
    smallest: Count
    rule: Count = 1
    anonymous_as_one: Count = 1
