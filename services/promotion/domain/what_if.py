"""Who would have qualified if other tracks had been there from the beginning."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.promotion.domain.member import (
    CreditReport,
    EndGrace,
    MemberCommand,
    NoteRefutation,
    TakeBackOutcome,
    decide,
    evolve,
)
from services.promotion.domain.member_state import Member
from services.promotion.domain.track import Figure, Track, figures, record_for
from services.promotion.domain.work import Work
from shared.contracts.event import Event
from shared.contracts.member import (
    MemberEvent,
    MemberQualified,
    OutcomeTakenBack,
    QualificationEnded,
    RefutationNoted,
    ReportCredited,
)


@dataclass(slots=True)
class Lived:
    """A member as the log goes on: `held` by the log, with the day; `judged` by the other tracks,
    by the very decisions of a suite that has them, and since when each holds in `would`."""

    held: dict[str, date] = field(default_factory=dict)
    judged: Member = field(default_factory=Member)
    would: dict[str, date] = field(default_factory=dict)

    @property
    def work(self) -> Work:
        return self.judged.work


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
        self._today = date.min

    def take(self, event: Event) -> None:
        match event:
            case ReportCredited():
                self._decide(CreditReport(event))
            case RefutationNoted():
                self._decide(NoteRefutation(event))
            case OutcomeTakenBack():
                self._decide(_again(event))
            case MemberQualified():
                self.members[event.member_id].held[event.track] = event.on
            case QualificationEnded():
                self.members[event.member_id].held.pop(event.track, None)
        if isinstance(event, MemberEvent):
            self._today = max(self._today, _day_of(event))

    def _decide(self, command: MemberCommand) -> None:
        lived = self.members[command.member_id]
        for event in decide(command, lived.judged, self.tracks, takes_back=True):
            lived.judged = evolve(lived.judged, event)
            match event:
                case MemberQualified(track=track, on=on):
                    lived.would[track] = on
                case QualificationEnded(track=track):
                    lived.would.pop(track, None)

    def end(self) -> None:
        """What is over by the newest day of the log lapses, as the calendar would have it."""
        if any(track.grace_days for track in self.tracks):
            for member in self.members:
                self._decide(EndGrace(member, self._today))

    def changes(self) -> list[Change]:
        """In the order of the other charter, then what it has no more."""
        self.end()
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


def _day_of(event: MemberEvent) -> date:
    on: date = getattr(event, "on", date.min)
    return on


def _again(back: OutcomeTakenBack) -> TakeBackOutcome:
    return TakeBackOutcome(
        member_id=back.member_id,
        report_id=back.report_id,
        place=back.place,
        sector=back.sector,
        confidential=back.confidential,
        protected=back.protected,
        on=back.taken_back_on or back.on,
        taken_back_for=back.taken_back_for,
    )
