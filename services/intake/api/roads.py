"""What the addresses of sources lead to."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.intake.files.uploading import Uploads
from shared.contracts.roles import Role
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.looked_up import LookedUp
from shared.web.programs import RECEIPTS
from shared.web.source_keys import SourceKey, SourceKeys


@dataclass(frozen=True)
class Roads:
    """`root` is the path that our own addresses lie under, `uploads` where files are taken;
    `openings` gives how often a report was opened, by role, and `code` what its holder shows it by,
    if that can be told just now. `digests` tell which key sent what."""

    keys: SourceKeys
    entry: Entry
    awaited: Awaited
    looked_up: LookedUp
    openings: Callable[[str], Awaitable[dict[Role, int] | None]]
    code: Callable[[str], Awaitable[str | None]]
    digests: Digests
    root: str = ""
    uploads: Uploads | None = None

    def receipt_at(self, key: SourceKey, sequence: int) -> str:
        """The address at which this key finds what became of its message."""
        address = f"{self.root}{RECEIPTS}{key.source}/{sequence}"
        return f"{address}?sent={self._sent(key, sequence)}" if key.is_scoped else address

    def was_told(self, key: SourceKey, sequence: int, sent: str) -> bool:
        """Whether this key may ask: one that is for some kinds alone is for none of the messages of
        others either."""
        told = self._sent(key, sequence).encode()
        return not key.is_scoped or hmac.compare_digest(sent.encode("utf-8", "replace"), told)

    def _sent(self, key: SourceKey, sequence: int) -> str:
        return self.digests.of("sent", key.given.key_id, key.source, str(sequence))
