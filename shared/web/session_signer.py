"""Signs sessions, which one service alone does: an import rule keeps it from all others."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.contracts.identity import keyed
from shared.contracts.session_key import SessionKeyAnnounced
from shared.web.sessions import ALGORITHM, Session, base64url, claims_of, public_jwk


class SessionSigner:
    """`seed` are the 32 bytes of an Ed25519 key."""

    def __init__(self, seed: bytes) -> None:
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        self._key = OKPKey.import_key(public_jwk(public) | {"d": base64url(seed)})
        self.public_key = public.hex()
        self.key_id = keyed(b"session key", self.public_key)

    def announced(self) -> SessionKeyAnnounced:
        return SessionKeyAnnounced(key_id=self.key_id, public_key=self.public_key)

    def token(self, session: Session) -> str:
        header = {"alg": ALGORITHM, "kid": self.key_id}
        return jwt.encode(header, claims_of(session), self._key, [ALGORITHM])
