"""Finds places by what somebody types of their names."""

import unicodedata
from collections.abc import Mapping

from rapidfuzz import fuzz, process

LIKE_ENOUGH = 80
LONGEST = 100


def places_called(typed: str, places: Mapping[str, str]) -> dict[str, str]:
    """Those whose names have all the words, or else such as are nearly the same; all of them where
    nothing was typed."""
    words = _plain(typed[:LONGEST]).split()
    plain = {place: _plain(name) for place, name in places.items()}
    found = {place for place, name in plain.items() if all(word in name for word in words)}
    if not found:
        like = process.extract(
            " ".join(words),
            plain,
            scorer=fuzz.partial_ratio,
            score_cutoff=LIKE_ENOUGH,
            limit=None,
        )
        found = {place for _, _, place in like}
    return {place: name for place, name in places.items() if place in found}


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
