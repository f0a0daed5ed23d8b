"""What promotion's signing key is for: to seal secrets, to name who signs in, to sign sessions."""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Keyring:
    """Whoever steals the store without the key can neither try passphrases nor make codes, and
    does not learn which numbers there are."""

    def __init__(self, key: bytes) -> None:
        self._names = hmac.digest(key, b"tribune names", "sha256")
        self._seal = AESGCM(hmac.digest(key, b"tribune seal", "sha256"))
        self.session_seed = hmac.digest(key, b"tribune sessions", "sha256")

    def digest(self, *what: str) -> str:
        """The same for the same: 32 hexadecimal digits."""
        said = "\n".join(what).encode("utf-8", "surrogatepass")
        return hmac.digest(self._names, said, "sha256")[:16].hex()

    def seal(self, secret: bytes, *spot: str) -> bytes:
        """`spot` is where it stands: elsewhere it does not open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, secret, "\n".join(spot).encode())

    def open(self, sealed: bytes, *spot: str) -> bytes | None:
        """None under another key, at another spot, and for what was changed."""
        try:
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self._seal.decrypt(nonce, rest, "\n".join(spot).encode())
        except (InvalidTag, ValueError):
            return None
