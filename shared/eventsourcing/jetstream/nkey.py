"""Keys of NATS (nkeys): Ed25519 seeds in NATS's own spelling."""

import base64
import secrets
from dataclasses import dataclass
from typing import Literal, Self

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

Kind = Literal["operator", "account", "user"]

KINDS: dict[Kind, int] = {"operator": 14 << 3, "account": 0, "user": 20 << 3}
SEED = 18 << 3
BYTES = 32


class WrongKeyError(ValueError):
    """What is given is no key of NATS, or is damaged; never says what was given."""


@dataclass(frozen=True)
class Nkey:
    """A pair of keys; its seed is shown by `seed()` alone."""

    kind: Kind
    _raw: bytes

    def __repr__(self) -> str:
        return f"Nkey({self.public})"

    @classmethod
    def fresh(cls, kind: Kind) -> Self:
        return cls(kind, secrets.token_bytes(BYTES))

    @classmethod
    def read(cls, seed: str) -> Self:
        """Raises WrongKeyError."""
        raw = _decoded(seed.strip())
        if len(raw) != BYTES + 2 or raw[0] & 0xF8 != SEED:
            raise WrongKeyError("this is no seed of NATS")
        return cls(_kind((raw[0] & 7) << 5 | raw[1] >> 3), raw[2:])

    @property
    def public(self) -> str:
        return _encoded(bytes([KINDS[self.kind]]) + bytes(self._signing.verify_key))

    def seed(self) -> str:
        prefix = KINDS[self.kind]
        return _encoded(bytes([SEED | prefix >> 5, (prefix & 31) << 3]) + self._raw)

    def sign(self, content: bytes) -> bytes:
        return bytes(self._signing.sign(content).signature)

    @property
    def _signing(self) -> SigningKey:
        return SigningKey(self._raw)


def kind_of(public: str) -> Kind:
    """Raises WrongKeyError if it is no public key."""
    raw = _decoded(public)
    if len(raw) != BYTES + 1:
        raise WrongKeyError("this is no public key of NATS")
    return _kind(raw[0])


def signed(public: str, content: bytes, signature: bytes) -> bool:
    kind_of(public)
    try:
        VerifyKey(_decoded(public)[1:]).verify(content, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def _kind(prefix: int) -> Kind:
    for kind, its in KINDS.items():
        if its == prefix:
            return kind
    raise WrongKeyError("this is a key of NATS of a kind that we do not use")


def _encoded(raw: bytes) -> str:
    return base64.b32encode(raw + _crc16(raw).to_bytes(2, "little")).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raise WrongKeyError("this is no key of NATS") from None
    if _crc16(raw[:-2]).to_bytes(2, "little") != raw[-2:]:
        raise WrongKeyError("this key of NATS is damaged")
    return raw[:-2]


def _crc16(content: bytes) -> int:
    """As XMODEM counts it."""
    crc = 0
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
