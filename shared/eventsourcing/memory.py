"""Remembers the states that were used last, in a bounded room."""

from collections import OrderedDict

from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.folded import Folded

BYTES_EACH = 1_100
BYTES_AN_EVENT = 450
BYTES_A_PACKED_EVENT = 50
"""As tracemalloc measures: 1,070 a report with one event, 1,520 such a member, 52 an event of a
member with 20,000."""


class Memory:
    """`most` is in bytes, by estimate: what an aggregate takes goes with its events, and a state
    that one event can make large tells itself what that takes (`held_bytes`)."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._states: OrderedDict[AggregateKey, tuple[Folded, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._states)

    def get(self, key: AggregateKey) -> Folded | None:
        found = self._states.get(key)
        return found and found[0]

    def remember(self, key: AggregateKey, folded: Folded) -> None:
        """Unless more is known of it already."""
        cached, size = self._states.get(key, (None, 0))
        if cached is None or cached.sequence <= folded.sequence:
            now = _bytes(folded)
            self._states[key] = (folded, now)
            self.bytes += now - size
        self._states.move_to_end(key)
        while self.bytes > self._most and self._states:
            _, (_, gone) = self._states.popitem(last=False)
            self.bytes -= gone


def _bytes(folded: Folded) -> int:
    packed = folded.kept * BYTES_A_PACKED_EVENT
    held = getattr(folded.state, "held_bytes", 0)
    return BYTES_EACH + packed + (folded.revision - folded.kept) * BYTES_AN_EVENT + int(held)
