"""What of a batch is for which read model: many follow one stream, and few events are for each."""

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import attrgetter

from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel

PART = 4
"""Of less than a quarter of a batch the order is made again, instead of looking at all of it."""

ByType = Mapping[type[Event], list[RecordedEvent]]

_sequence = attrgetter("sequence")


def by_type(events: Sequence[RecordedEvent]) -> ByType:
    """Looked through once for all read models."""
    found: dict[type[Event], list[RecordedEvent]] = {}
    for each in events:
        kind = type(each.event)
        if (own := found.get(kind)) is None:
            found[kind] = [each]
        else:
            own.append(each)
    return found


def taken(
    model: ReadModel, events: Sequence[RecordedEvent], of_types: ByType
) -> Sequence[RecordedEvent]:
    """At least what the model takes, in order."""
    if not model.takes:
        return events
    parts = [own for kind, own in of_types.items() if kind in model.takes]
    if len(parts) == 1:
        return parts[0]
    if sum(map(len, parts)) * PART > len(events):
        return events
    return sorted(chain.from_iterable(parts), key=_sequence)
