"""How a source's key looks: a prefix to know it by, 40 random signs, and a checksum of six."""

import hashlib
import re
from string import ascii_letters, digits
from zlib import crc32

PREFIX = "tribune_"
SIGNS = digits + ascii_letters
RANDOM, CHECKSUM = 40, 6
"""40 of 62 signs are 238 bits: nobody guesses them, also not against a digest that was stolen."""

PATTERN = re.compile(f"{PREFIX}([0-9A-Za-z]{{{RANDOM}}})([0-9A-Za-z]{{{CHECKSUM}}})")


def written(random: str) -> str:
    return f"{PREFIX}{random}{_checksum(random)}"


def is_whole(key: str) -> bool:
    """Whether nothing of it was lost or mistyped; it says nothing of whether it is good."""
    found = PATTERN.fullmatch(key)
    return found is not None and _checksum(found[1]) == found[2]


def digest_of(key: str) -> str:
    """What stands in the log for it."""
    return hashlib.sha256(key.encode()).hexdigest()


def _checksum(random: str) -> str:
    rest, signs = crc32(random.encode()), ""
    for _ in range(CHECKSUM):
        rest, sign = divmod(rest, len(SIGNS))
        signs = SIGNS[sign] + signs
    return signs
