"""The reports that count already for a member: each with what it takes to take it back."""

from dataclasses import dataclass, field
from datetime import date
from struct import Struct
from typing import Literal, NamedTuple

from rpds import HashTrieMap

from shared.eventsourcing.packed import KEY, Packed, key

Outcome = Literal["confirmed", "refuted"]
_FORM = Struct(">I?16s")
NOBODY = bytes(16)


class Settlement(NamedTuple):
    """What came of a report, as it was counted."""

    outcome: Outcome
    on: date
    confirmer: str = ""

    def pack(self) -> bytes:
        by = bytes.fromhex(self.confirmer) or NOBODY
        return _FORM.pack(self.on.toordinal(), self.outcome == "confirmed", by)

    @classmethod
    def unpack(cls, record: bytes) -> "Settlement":
        day, is_confirmed, by = _FORM.unpack(record)
        outcome: Outcome = "confirmed" if is_confirmed else "refuted"
        return cls(outcome, date.fromordinal(day), "" if by == NOBODY else by.hex())


@dataclass(frozen=True, slots=True)
class Settled:
    """`packed` are those that were there when it was packed last; what changed since lies in
    `newer`, empty if it was taken back."""

    packed: Packed = field(default_factory=lambda: Packed(_FORM.size))
    newer: "HashTrieMap[str, bytes]" = field(default_factory=HashTrieMap)

    def __contains__(self, report_id: str) -> bool:
        return bool(self._record(report_id))

    def __len__(self) -> int:
        """Those that were taken back count as well."""
        return len(self.packed) + len(self.newer)

    def of(self, report_id: str) -> Settlement | None:
        record = self._record(report_id)
        return Settlement.unpack(record) if record else None

    def _record(self, report_id: str) -> bytes | None:
        newer = self.newer.get(report_id)
        return self.packed.find(report_id) if newer is None else newer

    def with_one(self, report_id: str, settlement: Settlement) -> "Settled":
        return Settled(self.packed, self.newer.insert(report_id, settlement.pack()))

    def without(self, report_id: str) -> "Settled":
        return Settled(self.packed, self.newer.insert(report_id, b""))

    def pack(self) -> bytes:
        """Sorted, as `Packed` looks it up; the same however it came about."""
        step, records = KEY + _FORM.size, self.packed.records
        ours = (records[at : at + step] for at in range(0, len(records), step))
        found = {each[:KEY]: each[KEY:] for each in ours}
        found |= {key(report_id): record for report_id, record in self.newer.items()}
        return b"".join(each + found[each] for each in sorted(found) if found[each])

    @classmethod
    def unpack(cls, records: bytes) -> "Settled":
        return cls(Packed(_FORM.size, records))
