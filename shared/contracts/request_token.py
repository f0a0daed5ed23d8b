"""The token of a request that came by Open311: whoever has it can ask what became of it."""

import hashlib
import re

RANDOM, CHECKSUM = 32, 8
"""32 hexadecimal digits are 128 random bits: nobody guesses them, also not against a digest."""

_PATTERN = re.compile(f"[0-9a-f]{{{RANDOM + CHECKSUM}}}")


def written(random: str, source: str) -> str:
    return f"{random}{_checksum(random, source)}"


def is_token(text: str) -> bool:
    return _PATTERN.fullmatch(text) is not None


def is_of(token: str, source: str) -> bool:
    """Whether it may be this source's: of one that was made up nobody looks anything up."""
    return is_token(token) and _checksum(token[:RANDOM], source) == token[RANDOM:]


def digest_of(token: str) -> str:
    """What stands in public for it: it tells nothing to whoever has no token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _checksum(random: str, source: str) -> str:
    return hashlib.sha256(f"{source}:{random}".encode()).hexdigest()[:CHECKSUM]
