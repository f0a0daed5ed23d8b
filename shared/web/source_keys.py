"""Who sends: the keys of sources that are good now, as the log tells of them."""

from collections.abc import Container
from dataclasses import dataclass

from shared.contracts.source_key import (
    SourceKeyEvent,
    SourceKeyGiven,
    SourceKeyReplaced,
    SourceKeyRevoked,
)
from shared.contracts.source_key_form import digest_of, is_whole
from shared.web.bucket import Bucket
from shared.web.now import Now, utc_now


@dataclass
class SourceKey:
    """`bucket` is for this process alone; None: there is no limit."""

    given: SourceKeyGiven
    digest: str
    bucket: Bucket | None
    bodies: int = 0
    """So many are being read."""

    @property
    def source(self) -> str:
        return self.given.source

    def opens(self, hook: str | None = None) -> bool:
        """A hook, or without one all else that a source sends by."""
        return self.given.hook in (None, hook)

    @property
    def is_scoped(self) -> bool:
        return bool(self.given.kinds)

    def allows(self, kind: str) -> bool:
        return not self.is_scoped or kind in self.given.kinds


class SourceKeys:
    """By id and by digest; nothing is believed before all is known that stood in the log."""

    def __init__(self, sources: Container[str], now: Now = utc_now) -> None:
        self._sources = sources
        self._now = now
        self._by_id: dict[str, SourceKey] = {}
        self._by_digest: dict[str, SourceKey] = {}
        self.is_current = False

    def learn(self, event: SourceKeyEvent) -> None:
        known = self._by_id.get(event.key_id)
        match event:
            case SourceKeyGiven() if known is None:
                bucket = Bucket(event.each_s) if event.each_s else None
                self._take(SourceKey(event, event.digest, bucket))
            case SourceKeyReplaced() if known is not None:
                self._by_digest.pop(known.digest, None)
                self._take(SourceKey(known.given, event.digest, known.bucket))
            case SourceKeyRevoked() if known is not None:
                self._by_digest.pop(known.digest, None)
            case _:
                return

    def of(self, key: str) -> SourceKey | None:
        """None: it is no key, or none that is good. A digest tells nothing by how long it takes to
        find it, for nobody can choose how it begins."""
        found = self._by_digest.get(digest_of(key)) if is_whole(key) else None
        if found is None or found.source not in self._sources:
            return None
        ends = found.given.expires_at
        return found if ends is None or self._now() < ends else None

    def _take(self, key: SourceKey) -> None:
        self._by_id[key.given.key_id] = self._by_digest[key.digest] = key
