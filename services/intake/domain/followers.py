"""Checks that follow a report are told, once it is filed, if it is confidential."""

from collections.abc import Iterable
from dataclasses import dataclass

from rpds import HashTrieSet

from shared.contracts.report import FollowerNoted, FollowersFound
from shared.contracts.values import Id, Place

MOST_FOLLOWERS = 1_000
"""How many checks wait for one report. One more is shielded at once: that errs on the safe side."""


@dataclass(frozen=True, slots=True)
class NoteFollower:
    """A check that follows the report was opened before that was known to be filed."""

    report_id: Id
    check_id: Id
    place: Place


def waits(
    command: NoteFollower, followers: "HashTrieSet[str]"
) -> list[FollowerNoted | FollowersFound]:
    """Of a report that is not filed yet."""
    if command.check_id in followers:
        return []
    if len(followers) >= MOST_FOLLOWERS:
        return found(command.report_id, command.place, [command.check_id])
    where = {"report_id": command.report_id, "place": command.place}
    return [FollowerNoted(**where, check_id=command.check_id)]


def found(
    report_id: str, place: str, followers: Iterable[str]
) -> list[FollowerNoted | FollowersFound]:
    """Of one that is confidential."""
    checks = tuple(sorted(followers))
    return [FollowersFound(report_id=report_id, place=place, checks=checks)] if checks else []
