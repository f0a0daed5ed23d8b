"""The body as an issuer of credentials: by what name verifiers know it, and where its keys are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from services.promotion.credentials.signer import ALGORITHM, Signer, jwk_of

DID_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1")
ACHIEVEMENTS, LISTS = "/achievements", "/credentials/status"


@dataclass(frozen=True)
class PublicKey:
    key_id: str
    octets: str


@dataclass(frozen=True)
class Issuer:
    """`base` is promotion's own public address, of the settings and never of a request; `site` is
    that of the body's front page."""

    base: str
    site: str
    name: str
    signer: Signer

    @property
    def did(self) -> str:
        """By the method `web`, whose document lies under the address, to be fetched by TLS."""
        address = urlsplit(self.base)
        parts = [address.netloc, *filter(None, address.path.split("/"))]
        return ":".join(["did:web", *(quote(part, safe="") for part in parts)])

    def key_address(self, key_id: str) -> str:
        return f"{self.did}#{key_id}"

    def address(self, path: str) -> str:
        return f"{self.base.rstrip('/')}{path}"

    def profile(self) -> dict[str, Any]:
        return {"id": self.did, "type": ["Profile"], "name": self.name, "url": self.site}

    def document(self, keys: Iterable[PublicKey]) -> dict[str, Any]:
        """The DID's. Every key of it may say what the body says."""
        methods = [
            {
                "id": self.key_address(key.key_id),
                "type": "JsonWebKey",
                "controller": self.did,
                "publicKeyJwk": jwk_of(key.octets),
            }
            for key in keys
        ]
        return {
            "@context": list(DID_CONTEXTS),
            "id": self.did,
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods],
        }

    def key_set(self, keys: Iterable[PublicKey]) -> dict[str, Any]:
        """The same keys as a JWKS, for verifiers that know no DIDs."""
        told = {"use": "sig", "alg": ALGORITHM}
        return {
            "keys": [
                jwk_of(key.octets) | told | {"kid": self.key_address(key.key_id)} for key in keys
            ]
        }

    def signed(self, credential: dict[str, Any], begins: int, ends: int) -> str:
        """`begins` and `ends` are its days in seconds since 1970."""
        registered = {
            "iss": self.did,
            "jti": credential["id"],
            "sub": credential["credentialSubject"]["id"],
            "nbf": begins,
            "exp": ends,
        }
        return self.signer.token(credential | registered, self.key_address(self.signer.key_id))
