"""A sealer for tests: a real cipher (HMAC-SHA256 for stream and tag) with a key for each id."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from shared.eventsourcing.codec import Seal, Spot

NONCE, TAG, BLOCK = 16, 32, 32


@dataclass
class KeyRing:
    """Whoever holds the same `keys` may read what they seal; a key that is gone is never made anew
    to open with."""

    keys: dict[str, bytes] = field(default_factory=dict)

    async def ahead(self, asked: Mapping[str, bool]) -> Seal:  # noqa: ARG002
        return lambda text, spot: self.seal(text, spot, must=True)

    def seal(self, text: str, spot: Spot, *, must: bool) -> str | None:  # noqa: ARG002
        key = self.keys.setdefault(spot.whose, secrets.token_bytes(32))
        nonce = secrets.token_bytes(NONCE)
        hidden = _mixed(key, nonce, text.encode("utf-8", "surrogatepass"))
        return (nonce + hidden + _tag(key, nonce + hidden, spot)).hex()

    def open(self, sealed: str, spot: Spot) -> str | None:
        key = self.keys.get(spot.whose)
        try:
            given = bytes.fromhex(sealed)
        except ValueError:
            return None
        body, tag = given[:-TAG], given[-TAG:]
        if key is None or not hmac.compare_digest(tag, _tag(key, body, spot)):
            return None
        return _mixed(key, body[:NONCE], body[NONCE:]).decode("utf-8", "surrogatepass")


def _mixed(key: bytes, nonce: bytes, text: bytes) -> bytes:
    stream = b""
    for number in count():
        if len(stream) >= len(text):
            break
        stream += hmac.digest(key, b"stream" + nonce + number.to_bytes(8, "big"), "sha256")
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))


def _tag(key: bytes, body: bytes, spot: Spot) -> bytes:
    return hmac.digest(key, b"tag" + repr(spot).encode() + body, "sha256")
