"""Rows of a file that have the same key, of which only the first counts."""

from hashlib import blake2b

from deploy.feeding.tables.record import Record
from deploy.feeding.taking.checking import Written
from deploy.feeding.taking.sorter import Sorter

MOST_KEPT = 1_000
OF_KEY, OF_LINE = 24, 12


class Twins:
    """Equal rows are none: nothing is lost of them."""

    def __init__(self) -> None:
        self._keys = Sorter()

    def note(self, record: Record, events: list[Written]) -> None:
        for event in events[:1]:
            key = blake2b(event.ce_id.encode(), digest_size=OF_KEY // 2).hexdigest()
            said = blake2b(event.body, digest_size=8).hexdigest()
            self._keys.add(f"{key}{record.line:0{OF_LINE}}{said}".encode())

    def found(self) -> list[tuple[int, int]]:
        """The lines of the first and of another row; once, when all are noted."""
        pairs: list[tuple[int, int]] = []
        first = b""
        until = OF_KEY + OF_LINE
        for line in self._keys:
            if line[:OF_KEY] != first[:OF_KEY]:
                first = line
            elif line[until:] != first[until:] and len(pairs) < MOST_KEPT:
                pairs.append((int(first[OF_KEY:until]), int(line[OF_KEY:until])))
        self._keys.close()
        return sorted(pairs)
