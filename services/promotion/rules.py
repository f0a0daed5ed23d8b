"""The charter's tracks, as members are judged by them."""

from collections.abc import Iterable

from services.promotion.domain.track import Track
from shared.runtime.charter import Charter
from shared.runtime.charter_tracks import Track as Told


def tracks_of(charter: Charter) -> list[Track]:
    return tracks_told(charter.tracks)


def tracks_told(told: Iterable[Told]) -> list[Track]:
    said = (each.model_dump(exclude_none=True) for each in told)
    return [Track(**each | {"after": tuple(each["after"])}) for each in said]
