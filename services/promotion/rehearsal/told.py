"""What a rehearsal is given and what it says, as lines between two processes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from services.promotion.domain.track import Track
from services.promotion.domain.what_if import Replay

NAMED = 100


class Losing(BaseModel):
    """`lacks` names the figures that would not be met at the end; of a member no figure leaves the
    process, for those of confidential reports are in it."""

    member: str
    lacks: list[str]


class Changed(BaseModel):
    """Of one track; version 0 where the other rules have none of that name. Of who would gain or
    lose it only the first are named: many tracks times all members would fill the service."""

    track: str
    version: int
    gain: int
    lose: int
    keep: int
    gaining: list[str]
    losing: list[Losing]


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
            gain=len(each.gain),
            lose=len(each.lose),
            keep=len(each.keep),
            gaining=each.gain[:NAMED],
            losing=[
                Losing(member=who, lacks=[one.what for one in replay.lacks(who, each.track)])
                for who in each.lose[:NAMED]
            ],
        )
        for each in replay.changes()
    ]
    return Rehearsed(events=events, members=len(replay.members), changes=changes)
