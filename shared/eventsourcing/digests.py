"""What stands inside for ids that others gave: digests that only the instance's key can make."""

from typing import Literal

from shared.contracts.actor import Actor
from shared.contracts.identity import fingerprint, keyed


class Digests:
    """An upstream's id may be a telephone number, and of a plain hash all of them can be tried."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.fingerprint = fingerprint(key)

    def of(self, *origin: str) -> str:
        """The same for the same, for as long as the key is: 32 hexadecimal digits."""
        return keyed(self._key, *origin)

    def person(self, kind: Literal["member", "staff"], role: str, who: str) -> Actor:
        """The same person has the same name in every role; nobody known has none."""
        return Actor(kind, role, self.of("actor", kind, who) if who else "")
