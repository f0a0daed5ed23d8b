"""Many ids in little room: sorted records of fixed size, found by halving."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from rpds import HashTrieSet

KEY = 16


@dataclass(frozen=True, slots=True)
class Packed:
    """Records of a key of 16 bytes and a payload of `size` bytes, as one piece of memory."""

    size: int = 0
    records: bytes = b""

    def __len__(self) -> int:
        return len(self.records) // (KEY + self.size)

    def find(self, text: str) -> bytes | None:
        """The payload of what was added under this text."""
        wanted, step, records = key(text), KEY + self.size, self.records
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if records[middle * step : middle * step + KEY] < wanted:
                low = middle + 1
            else:
                high = middle
        at = low * step
        return records[at + KEY : at + step] if records[at : at + KEY] == wanted else None

    def with_all(self, added: Iterable[tuple[str, bytes]]) -> "Packed":
        step = KEY + self.size
        ours = [self.records[at : at + step] for at in range(0, len(self.records), step)]
        ours += [key(text) + payload for text, payload in added]
        return Packed(self.size, b"".join(sorted(ours)))


@dataclass(frozen=True, slots=True)
class Ids:
    """A set of ids that only grows; `packed` are those that were there when it was packed last."""

    packed: Packed = field(default_factory=Packed)
    newer: "HashTrieSet[str]" = field(default_factory=HashTrieSet)

    def __contains__(self, given: str) -> bool:
        return given in self.newer or self.packed.find(given) is not None

    def __len__(self) -> int:
        return len(self.packed) + len(self.newer)

    def insert(self, given: str) -> "Ids":
        return self if given in self else Ids(self.packed, self.newer.insert(given))

    def pack(self) -> bytes:
        return self.packed.with_all((each, b"") for each in self.newer).records

    @classmethod
    def unpack(cls, records: bytes) -> "Ids":
        return cls(Packed(0, records))


def key(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=KEY).digest()
