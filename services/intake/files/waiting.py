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
        self._by_report = OrderedDict[str, _Upload]()

    def takes(self, report_id: str, size: int) -> bool:
        """Whether whoever asks may have so much more waiting; if so, it counts."""
        address, now = ASKING.get(), self._now()
        if address is None:
            return True
        self._forget_before(now)
        mine = self._by_report.get(report_id)
        if self.of(address) + size > self._most_of_one:
            return False
        self._by_report[report_id] = _Upload(address, now + FOR, size + (mine.size if mine else 0))
        self._by_report.move_to_end(report_id)
        return True

    def of(self, address: str) -> int:
        """Bytes."""
        return sum(each.size for each in self._by_report.values() if each.address == address)

    def filed(self, report_id: str) -> None:
        """It waits no more."""
        self._by_report.pop(report_id, None)

    def _forget_before(self, now: datetime) -> None:
        for report_id, upload in list(self._by_report.items()):
            if upload.until > now and len(self._by_report) <= MOST_KNOWN:
                break
            del self._by_report[report_id]
