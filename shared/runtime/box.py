"""Seals bytes for the spot at which they stand: AES-256-GCM, a fresh nonce each time."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, KEY_BYTES = 12, 32


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


class Box:
    """`key` has 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, *spot: str) -> bytes:
        """`spot` is where it stands: elsewhere it does not open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, "\n".join(spot).encode())

    def open(self, sealed: bytes, *spot: str) -> bytes | None:
        """None under another key, at another spot, and for what was changed."""
        try:
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, "\n".join(spot).encode())
        except (InvalidTag, ValueError):
            return None
