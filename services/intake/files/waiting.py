"""What people uploaded and have not filed yet: of one address so much in an hour."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.web.fair_share import ASKING

FOR = timedelta(hours=1)
"""For which an upload is kept whatever others need; also as long as it counts for its address."""

OF_ONE = 8
"""One address may have the eighth part of people's room waiting."""

MOST_KNOWN = 10_000


@dataclass(frozen=True)
class _Upload:
    address: str
    until: datetime
    size: int


class Waiting:
    """Kept in memory alone: nothing that lasts says who uploaded what."""

    def __init__(self, most_bytes: int, now: Callable[[], datetime]) -> None:
        self._most_of_one = most_bytes // OF_ONE
        self._now = now
        self._of_file = OrderedDict[tuple[str, str], _Upload]()

    def takes(self, report_id: str, digest: str, size: int) -> bool:
        """Whether whoever asks may have that waiting; if so, it counts, once and from now on."""
        address, now = ASKING.get(), self._now()
        if address is None:
            return True
        self._forget_before(now)
        file = report_id, digest
        before = self._of_file.get(file)
        counted = before.size if before and before.address == address else 0
        if self.of(address) - counted + size > self._most_of_one:
            return False
        self._of_file[file] = _Upload(address, now + FOR, max(size, counted))
        self._of_file.move_to_end(file)
        return True

    def of(self, address: str) -> int:
        """Bytes."""
        return sum(each.size for each in self._of_file.values() if each.address == address)

    def filed(self, report_id: str) -> None:
        """It waits no more."""
        for file in [each for each in self._of_file if each[0] == report_id]:
            del self._of_file[file]

    def _forget_before(self, now: datetime) -> None:
        for file, upload in list(self._of_file.items()):
            if upload.until > now and len(self._of_file) <= MOST_KNOWN:
                break
            del self._of_file[file]
