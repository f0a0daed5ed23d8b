"""Who would have qualified if other tracks had been there from the beginning."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.promotion.domain.track import Figure, Track, figures, newly_earned, record_for
from services.promotion.domain.work import Work
from shared.contracts.event import Event
from shared.contracts.member import (
    MemberQualified,
    OutcomeTakenBack,
    RefutationNoted,
    ReportCredited,
)


@dataclass(slots=True)
class Lived:
    """A member as the log goes on: `held` by the log, `would` by the other tracks, each with the
    day."""

    work: Work = field(default_factory=Work)
    held: dict[str, date] = field(default_factory=dict)
    would: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """Of one track: members by their ids, in order. `rule_version` is 0 where the other charter has
    no such track."""

    track: str
    rule_version: int
    gain: list[str]
    lose: list[str]
    keep: list[str]


class Replay:
    """Takes the events of all members, those of each in their order."""

    def __init__(self, tracks: Sequence[Track]) -> None:
        self.tracks = tracks
        self.members: dict[str, Lived] = defaultdict(Lived)

    def take(self, event: Event) -> None:
        match event:
            case ReportCredited():
                lived = self.members[event.member_id]
                lived.work = lived.work.credited(event)
                for track in newly_earned(self.tracks, lived.work, lived.would):
                    lived.would[track.name] = event.on
            case RefutationNoted():
                lived = self.members[event.member_id]
                lived.work = lived.work.refuted(event.on)
            case OutcomeTakenBack():
                lived = self.members[event.member_id]
                lived.work = lived.work.without(event)
            case MemberQualified():
                self.members[event.member_id].held[event.track] = event.on

    def changes(self) -> list[Change]:
        """In the order of the other charter, then what it has no more."""
        versions = {track.name: track.version for track in self.tracks}
        gone = {name for lived in self.members.values() for name in lived.held} - versions.keys()
        return [self._change(name, versions.get(name, 0)) for name in [*versions, *sorted(gone)]]

    def _change(self, name: str, version: int) -> Change:
        members = sorted(self.members.items())
        held = {member for member, lived in members if name in lived.held}
        would = {member for member, lived in members if name in lived.would}
        return Change(
            name, version, sorted(would - held), sorted(held - would), sorted(held & would)
        )

    def lacks(self, member: str, track: str) -> Iterator[Figure]:
        """What the member lacks at the end."""
        for each in (each for each in self.tracks if each.name == track):
            of = record_for(each, self.members[member].work)
            yield from (figure for figure in figures(each, of) if not figure.met)
