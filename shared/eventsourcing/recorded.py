"""Which events an aggregate has, so that no command is carried out twice."""

from hashlib import blake2b
from typing import NamedTuple

from shared.eventsourcing.packed import Packed

PAYLOAD = 16
NOTHING = Packed(PAYLOAD)


class Earlier(NamedTuple):
    """Where an event stands, and whether the same message led to it."""

    sequence: int
    same_cause: bool


class Recorded:
    """Ids of events with sequence and cause; most of them packed where there are very many.

    It is only added to, once events are in the log.
    """

    __slots__ = ("_newer", "_packed")

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = Packed(PAYLOAD, packed) if packed else NOTHING
        self._newer: dict[str, tuple[int, str]] = {}

    def __len__(self) -> int:
        return len(self._packed) + len(self._newer)

    def __contains__(self, event_id: str) -> bool:
        return self.find(event_id, "") is not None

    def add(self, event_id: str, sequence: int, cause: str) -> None:
        self._newer[event_id] = (sequence, cause)

    def find(self, event_id: str, cause: str) -> Earlier | None:
        if found := self._newer.get(event_id):
            return Earlier(found[0], found[1] == cause)
        if self._packed.records and (payload := self._packed.find(event_id)):
            return Earlier(int.from_bytes(payload[:8], "big"), payload[8:] == _digest(cause))
        return None

    def pack(self) -> bytes:
        """What `Recorded` is made anew from; this one takes less room afterwards, too."""
        self._packed = self._packed.with_all(
            (event_id, sequence.to_bytes(8, "big") + _digest(cause))
            for event_id, (sequence, cause) in self._newer.items()
        )
        self._newer = {}
        return self._packed.records


def _digest(cause: str) -> bytes:
    return blake2b(cause.encode(), digest_size=8).digest()
