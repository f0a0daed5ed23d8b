"""The body's key for credentials, and what it signs: tokens that anybody can verify (VC-JWT)."""

import hmac
import json
import warnings
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from shared.contracts.identity import keyed
from shared.contracts.issuer_key import IssuerKeyAnnounced
from shared.web.sessions import base64url, public_jwk

ALGORITHM = "EdDSA"
"""By the name that Open Badges and their verifiers know; RFC 9864 has `Ed25519` for it."""

warnings.filterwarnings("ignore", "EdDSA is deprecated", module="joserfc")


class Signer:
    """`key` are bytes of an instance's secret, of which the key of Ed25519 follows."""

    def __init__(self, key: bytes) -> None:
        seed = hmac.digest(key, b"tribune credentials", "sha256")
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        self._key = OKPKey.import_key(public_jwk(public) | {"d": base64url(seed)})
        self.public_key = public.hex()
        self.key_id = keyed(b"issuer key", self.public_key)

    def announced(self) -> IssuerKeyAnnounced:
        return IssuerKeyAnnounced(key_id=self.key_id, public_key=self.public_key)

    def token(self, claims: dict[str, Any], key_address: str) -> str:
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_address}
        said = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
        return jws.serialize_compact(header, said.encode(), self._key, [ALGORITHM])


def jwk_of(public_key: str) -> dict[str, Any]:
    """Of what an event says of it."""
    return dict(public_jwk(bytes.fromhex(public_key)))
