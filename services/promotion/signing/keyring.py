"""What promotion's signing key is for: to seal secrets, to name who signs in, to sign sessions."""

import hmac

from shared.runtime.box import Box


class Keyring:
    """Whoever steals the store without the key can neither try passphrases nor make codes, and
    does not learn which numbers there are."""

    def __init__(self, key: bytes) -> None:
        self._names = hmac.digest(key, b"tribune names", "sha256")
        self._box = Box(hmac.digest(key, b"tribune seal", "sha256"))
        self.session_seed = hmac.digest(key, b"tribune sessions", "sha256")

    def digest(self, *what: str) -> str:
        """The same for the same: 32 hexadecimal digits."""
        said = "\n".join(what).encode("utf-8", "surrogatepass")
        return hmac.digest(self._names, said, "sha256")[:16].hex()

    def seal(self, secret: bytes, *spot: str) -> bytes:
        """`spot` is where it stands: elsewhere it does not open."""
        return self._box.seal(secret, *spot)

    def open(self, sealed: bytes, *spot: str) -> bytes | None:
        """None under another key, at another spot, and for what was changed."""
        return self._box.open(sealed, *spot)
