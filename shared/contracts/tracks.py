"""The ways to qualify that the body adopted; only promotion writes it."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import (
    Count,
    Digest,
    Id,
    Instant,
    Line,
    Place,
    TrackName,
    Truth,
)


class TrackAdopted(BaseModel):
    """`digest` is that of the whole rule, so that anybody sees whether it is another one."""

    model_config = ConfigDict(frozen=True)

    name: TrackName
    rule_version: Count
    digest: Digest


class TracksAdopted(Event):
    """From now on members are judged by these; who qualified by others stays so, as earned.

    `by` is who decided it, a body or an office and nobody's name, and `reason` is why. `new`,
    `changed` and `dropped` are what it changes of the tracks that were adopted last.
    """

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "tracks"
    key: ClassVar[str] = "tracks_id"

    tracks_id: Id
    place: Place = EVERYWHERE
    at: Instant
    by: Line
    reason: Line
    takes_back: Truth
    tracks: tuple[TrackAdopted, ...]
    new: tuple[TrackName, ...] = ()
    changed: tuple[TrackName, ...] = ()
    dropped: tuple[TrackName, ...] = ()
