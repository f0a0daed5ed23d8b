"""What NATS's server believes about accounts and users: claims, signed by whoever stands above."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from shared.eventsourcing.jetstream.nkey import Nkey, WrongKeyError, signed

HEADER = {"typ": "JWT", "alg": "ed25519-nkey"}
PARTS = 3


class WrongClaimsError(ValueError):
    """This is no claim, or nobody who may has signed it."""


def signed_claims(claims: Mapping[str, Any], by: Nkey) -> str:
    """As NATS writes it: `iss` is the signer, `jti` a digest of the rest."""
    content = {**claims, "iss": by.public}
    digest = hashlib.sha256(_json(content)).digest()
    content["jti"] = base64.b32encode(digest).decode().rstrip("=")
    text = f"{_encoded(_json(HEADER))}.{_encoded(_json(content))}"
    return f"{text}.{_encoded(by.sign(text.encode()))}"


def read_claims(jwt: str) -> dict[str, Any]:
    """What was signed by whom it names as `iss`. Raises WrongClaimsError."""
    parts = jwt.split(".")
    try:
        claims = json.loads(_decoded(parts[1]))
        text = ".".join(parts[:2]).encode()
        is_signed = len(parts) == PARTS and signed(claims["iss"], text, _decoded(parts[2]))
    except (ValueError, KeyError, IndexError, TypeError, WrongKeyError):
        raise WrongClaimsError("this is no signed claim") from None
    if not is_signed:
        raise WrongClaimsError("the claim is not signed by whom it names")
    return dict(claims)


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
