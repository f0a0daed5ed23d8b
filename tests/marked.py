"""Marked words, and all the ways in which one of them may stand in a file."""

import json
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SIGN = "Quökka"
PLAIN_SIGN = "Quokka"
"""For where a source may only use letters."""

POINT = "42.277154,-71.033319"
"""A marked place, as events keep it; what else begins so is no chance."""


def ways(word: str) -> Iterator[bytes]:
    """In small letters; but for base64, which would be another word then."""
    for text in {word, unicodedata.normalize("NFKD", word), unicodedata.normalize("NFC", word)}:
        raw = text.lower().encode()
        yield from (raw, raw.hex().encode(), quote(text).lower().encode())
        yield quote_plus(text).lower().encode()
        yield json.dumps(text).strip('"').lower().encode()
        yield text.lower().encode("utf-16-le")
        yield text.lower().encode("latin-1", "replace")


def in_base64(word: str) -> Iterator[bytes]:
    """What of it is the same wherever in the bytes it begins."""
    for case in {word, word.lower(), unicodedata.normalize("NFKD", word)}:
        for before in range(3):
            whole = b64encode(b"\0" * before + case.encode())
            yield whole[4 if before else 0 : -4]


_SIGNS = (SIGN, PLAIN_SIGN, POINT[:8], POINT[-9:])
SMALL = frozenset(way for word in _SIGNS for way in ways(word))
AS_IT_IS = frozenset(way for word in _SIGNS for way in in_base64(word) if len(way) > 3)


def is_marked(content: bytes) -> bool:
    small = content.lower()
    return any(way in small for way in SMALL) or any(way in content for way in AS_IT_IS)
