"""Events of a file that have the same id, of which only the one that is sent first counts."""

from hashlib import blake2b

from deploy.feeding.taking.sorter import Sorter
from shared.mapping.checking import Written

MOST_KEPT = 1_000
OF_KEY, OF_LINE, OF_WORDS = 24, 12, 16


class Twins:
    """Equal ones are none: nothing is lost of them."""

    def __init__(self) -> None:
        self._keys = Sorter()

    def note(self, line: int, event: Written, turn: str) -> None:
        """`turn` sorts events as they are sent."""
        key = blake2b(event.ce_id.encode(), digest_size=OF_KEY // 2).hexdigest()
        said = blake2b(event.body, digest_size=OF_WORDS // 2).hexdigest()
        self._keys.add(f"{key}{turn}{line:0{OF_LINE}}{said}".encode())

    def found(self) -> list[tuple[int, int]]:
        """The lines of the first and of another row; once, when all are noted."""
        pairs: set[tuple[int, int]] = set()
        first = b""
        for each in self._keys:
            if each[:OF_KEY] != first[:OF_KEY]:
                first = each
            elif each[-OF_WORDS:] != first[-OF_WORDS:] and len(pairs) < MOST_KEPT:
                pairs.add((_line(first), _line(each)))
        self._keys.close()
        return sorted(pairs)


def _line(noted: bytes) -> int:
    return int(noted[-OF_WORDS - OF_LINE : -OF_WORDS])
