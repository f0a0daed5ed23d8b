"""One digest for a list of events: it says which they were, and grows with none of them."""

from collections.abc import Iterable
from hashlib import sha256

OF_NONE = "0" * 64


def extended(digest: str, event_id: str) -> str:
    """The digest of the events so far and one more: SHA-256 over both, as hexadecimal digits."""
    return sha256(f"{digest}{event_id}".encode()).hexdigest()


def digest_of(event_ids: Iterable[str]) -> str:
    digest = OF_NONE
    for event_id in event_ids:
        digest = extended(digest, event_id)
    return digest
