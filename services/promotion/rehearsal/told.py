"""What a rehearsal is given and what it says, as lines between two processes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from services.promotion.domain.track import Track
from services.promotion.domain.what_if import Replay


class Losing(BaseModel):
    """`lacks` names the figures that would not be met at the end; of a member no figure leaves the
    process, for those of confidential reports are in it."""

    member: str
    lacks: list[str]


class Changed(BaseModel):
    """Of one track; version 0 where the other rules have none of that name."""

    track: str
    version: int
    gain: list[str]
    lose: list[Losing]
    keep: int


class Rehearsed(BaseModel):
    events: int
    members: int
    changes: list[Changed]


def tracks_of(told: Sequence[Mapping[str, Any]]) -> list[Track]:
    return [Track(**{**each, "after": tuple(each["after"])}) for each in told]


def rehearsed(replay: Replay, events: int) -> Rehearsed:
    changes = [
        Changed(
            track=each.track,
            version=each.rule_version,
            gain=each.gain,
            lose=[
                Losing(member=who, lacks=[one.what for one in replay.lacks(who, each.track)])
                for who in each.lose
            ],
            keep=len(each.keep),
        )
        for each in replay.changes()
    ]
    return Rehearsed(events=events, members=len(replay.members), changes=changes)
