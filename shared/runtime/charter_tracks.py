"""Ways to qualify: the charter's `tracks.toml`."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from shared.contracts.values import TrackName
from shared.runtime.charter_base import STRICT, AtLeastOne, Name

LONGEST_DAYS = 730
MOST_LEVELS = 100

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


def _no_track_twice(names: list[str]) -> list[str]:
    if len(set(names)) < len(names):
        raise ValueError("must name no track twice")
    return names


class Track(BaseModel):
    """What promotion knows of it; what is not said decides nothing (0, or none)."""

    model_config = STRICT

    name: TrackName
    version: AtLeastOne
    title: Name
    confirmed: AtLeastOne
    sectors: AtLeastOne
    days: AtLeastOne
    refuted_share: Share
    places: AtLeastOne | None = None
    confirmers: AtLeastOne | None = None
    window_days: Days | None = None
    half_life_days: Days | None = None
    most_per_day: AtLeastOne | None = None
    most_per_confirmer: AtLeastOne | None = None
    level: Annotated[int, Field(ge=1, le=MOST_LEVELS)] | None = None
    grace_days: Days | None = None
    after: Annotated[list[TrackName], AfterValidator(_no_track_twice)] = []


class Tracks(BaseModel):
    """`takes_back`: a report that is reopened counts no more."""

    model_config = STRICT

    takes_back: bool = False
    track: list[Track] = []
