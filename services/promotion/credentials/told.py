"""Rows and what the charter says of tracks, as what a credential is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.promotion.credentials.badge import Given, Qualification
from services.promotion.credentials.consents import Allowing
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.contracts.routing import log_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tracks:
    """Those of the charter; of an older version nobody knows the rule any more."""

    tracks: Sequence[Track]

    def has(self, name: str) -> bool:
        return any(track.name == name for track in self.tracks)

    def qualification(self, name: str, version: int) -> Qualification:
        for track in self.tracks:
            if (track.name, track.version) == (name, version):
                return Qualification(name, version, track)
        return Qualification(name, version, None)


def given_in(tracks: Tracks, row: Row) -> Given:
    return Given(
        row["credential_id"],
        tracks.qualification(row["track"], row["rule_version"]),
        row["list_id"],
        row["place"],
        row["on"],
        row["until"],
        row["qualified_on"],
    )


def allowing(earned: Row, *, with_day: bool) -> Allowing:
    at = EventRef(id=earned["event_id"], stream=log_of("promotion"), sequence=earned["sequence"])
    day = earned["on"] if with_day else None
    return Allowing(earned["member_id"], earned["track"], earned["rule_version"], at, day)
