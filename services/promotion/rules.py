"""The charter's tracks, as members are judged by them."""

from services.promotion.domain.track import Track
from shared.runtime.charter import Charter


def tracks_of(charter: Charter) -> list[Track]:
    said = (each.model_dump(exclude_none=True) for each in charter.tracks)
    return [Track(**each | {"after": tuple(each["after"])}) for each in said]
