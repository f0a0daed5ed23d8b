"""Whether what came was signed by who shares a secret with us. Pure."""

import base64
import hmac

from shared.mapping.language import SignatureShape


def is_signed(shape: SignatureShape, secret: bytes, body: bytes, said: str) -> bool:
    """`said` is what stood in the header; without a secret nothing is signed."""
    digest = hmac.digest(secret, body, shape.algorithm)
    text = digest.hex() if shape.encoding == "hex" else base64.b64encode(digest).decode()
    given = said.strip().removeprefix(shape.prefix)
    given = given.lower() if shape.encoding == "hex" else given
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), text.encode())
