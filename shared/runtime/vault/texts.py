"""A sealed text as it stands in an event: padded, so that its length says little."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from shared.eventsourcing.codec import Spot
from shared.runtime.box import Box

STEP = 256
LENGTH_BYTES = 4
FORM = "1."
"""What stands before it, so that another cipher can come one day."""


def sealed(box: Box, text: str, spot: Spot) -> str:
    said = text.encode("utf-8", "surrogatepass")
    whole = len(said).to_bytes(LENGTH_BYTES, "big") + said
    padded = whole + bytes(-len(whole) % STEP)
    return FORM + urlsafe_b64encode(box.seal(padded, *spot)).decode()


def opened(box: Box, sealed_text: str, spot: Spot) -> str | None:
    """None if it was not sealed there, or not with this key."""
    if not sealed_text.startswith(FORM):
        return None
    try:
        padded = box.open(urlsafe_b64decode(sealed_text.removeprefix(FORM)), *spot)
    except ValueError:
        return None
    if padded is None:
        return None
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    return padded[LENGTH_BYTES:end].decode("utf-8", "surrogatepass")
