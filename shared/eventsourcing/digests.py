"""What stands inside for ids that others gave: digests that only the instance's key can make."""

from shared.contracts.identity import fingerprint, keyed


class Digests:
    """An upstream's id may be a telephone number, and of a plain hash all of them can be tried."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.fingerprint = fingerprint(key)

    def of(self, *origin: str) -> str:
        """The same for the same, for as long as the key is: 32 hexadecimal digits."""
        return keyed(self._key, *origin)
