"""Tracks as somebody typed them, looked at as if they stood in the charter."""

from collections.abc import Sized

from pydantic import ValidationError

from shared.runtime.charter_tracks import Track, Tracks
from shared.runtime.charter_tracks_across import FILE, odd_tracks
from shared.runtime.charter_words import in_our_words
from shared.runtime.finding import Finding
from shared.runtime.toml_lines import read_toml


def tracks_in(text: str, places: Sized, sectors: Sized) -> Tracks | list[Finding]:
    """Or everything that is wrong with them."""
    document = read_toml(text)
    wrong = [Finding(FILE, line, said) for line, said in document.problems]
    try:
        tracks = Tracks.model_validate(document.data)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            known = ("takes_back", "[[track]]") if len(found["loc"]) == 1 else Track.model_fields
            words = in_our_words(FILE, found, known)
            wrong.append(Finding(FILE, document.line(found["loc"]), words))
        return wrong
    wrong += [
        Finding(FILE, document.line(odd.key), odd.words)
        for odd in odd_tracks(tracks.track, places, sectors)
        if not odd.may_be_meant
    ]
    return sorted(wrong, key=lambda each: each.line or 0) if wrong else tracks
