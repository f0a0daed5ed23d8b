"""The ways to qualify of an instance: which were adopted, by whom, and what that changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256

from services.promotion.domain.track import Track
from shared.contracts.identity import tracks_id
from shared.contracts.tracks import TrackAdopted, TracksAdopted
from shared.contracts.values import Id, Line
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdoptTracks:
    """Those by which members are judged by now, as the charter has them."""

    tracks: Sequence[Track]
    takes_back: bool
    by: Line
    reason: Line
    now: datetime
    tracks_id: Id = field(default_factory=tracks_id)


# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Adopted:
    """By name; `at` is when, None while none were."""

    tracks: Mapping[str, TrackAdopted] = field(default_factory=dict)
    takes_back: bool = False
    at: datetime | None = None


# --- Errors ---------------------------------------------------------------


class SameVersionError(DomainError):
    """A rule was changed and has the version of before: what was earned by it could not be told
    from what is earned now."""


# --- Decide and evolve ----------------------------------------------------


def decide(command: AdoptTracks, adopted: Adopted) -> list[TracksAdopted]:
    before, told = adopted.tracks, [_told(each) for each in command.tracks]
    if [*before.values()] == told and adopted.takes_back == command.takes_back and adopted.at:
        return []  # a repeated command
    changed = [each for each in told if each.name in before and each != before[each.name]]
    for each in changed:
        if each.rule_version == before[each.name].rule_version:
            raise SameVersionError(
                f"the rule of {each.name} is another one and has version {each.rule_version} still;"
                " give it the next one in tracks.toml"
            )
    names = {each.name for each in told}
    return [
        TracksAdopted(
            tracks_id=command.tracks_id,
            at=command.now,
            by=command.by,
            reason=command.reason,
            takes_back=command.takes_back,
            tracks=tuple(told),
            new=tuple(each.name for each in told if each.name not in before),
            changed=tuple(each.name for each in changed),
            dropped=tuple(name for name in before if name not in names),
        )
    ]


def _told(track: Track) -> TrackAdopted:
    """What a track is called decides nothing."""
    rule = {name: value for name, value in asdict(track).items() if name != "title"}
    digest = sha256(json.dumps(rule, sort_keys=True).encode()).hexdigest()
    return TrackAdopted(name=track.name, rule_version=track.version, digest=digest)


def evolve(adopted: Adopted, event: TracksAdopted) -> Adopted:
    match event:
        case TracksAdopted(tracks=tracks, takes_back=takes_back, at=at):
            return Adopted({each.name: each for each in tracks}, takes_back, at)
        case _:
            return adopted


category = Category(
    service="promotion",
    name="tracks",
    decider=Decider[AdoptTracks, TracksAdopted, Adopted](
        initial_state=Adopted(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(AdoptTracks,),
    key="tracks_id",
)
