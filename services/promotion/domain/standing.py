"""How a member stands on a track by their own events: what counts, what is missing, what ended."""

from dataclasses import dataclass, field

from services.promotion.domain.counting import Counting
from services.promotion.domain.track import Figure, Track, figures, record_for
from services.promotion.domain.work import Work
from shared.contracts.member import (
    FindingCredited,
    MemberQualified,
    OutcomeTakenBack,
    QualificationEnded,
    RefutationNoted,
    ReportCredited,
)
from shared.eventsourcing.event_store import RecordedEvent


@dataclass
class Standing:
    """`held` are the qualifications of the log by track, `ended` what ended last of those that are
    not held any more; `taken_back` tells by report where its outcome was taken back last."""

    member: str
    track: Track
    work: Work = field(default_factory=Work)
    held: dict[str, RecordedEvent] = field(default_factory=dict)
    ended: dict[str, RecordedEvent] = field(default_factory=dict)
    taken_back: dict[str, int] = field(default_factory=dict)

    def figures(self) -> list[Figure]:
        return [*figures(self.track, record_for(self.track, self.work))]

    @property
    def missing(self) -> list[str]:
        """Tracks that come before, and are not held."""
        return [each for each in self.track.after if each not in self.held]

    @property
    def is_met(self) -> bool:
        return not self.missing and all(each.met for each in self.figures())

    def take(self, recorded: RecordedEvent) -> None:
        """In the order of the log."""
        match recorded.event:
            case ReportCredited() as event:
                self.work = self.work.credited(event)
            case FindingCredited() as event:
                self.work = self.work.found(event.on)
            case RefutationNoted() as event:
                self.work = self.work.refuted(event.on)
            case OutcomeTakenBack() as event:
                self.work = self.work.without(event)
                self.taken_back[event.report_id] = recorded.sequence
            case MemberQualified(track=name):
                self.held.setdefault(name, recorded)
                self.ended.pop(name, None)
            case QualificationEnded(track=name):
                self.held.pop(name, None)
                self.ended[name] = recorded

    def counting(self) -> Counting:
        """Once all is taken."""
        return Counting(self.track, self.work)

    def counts(self, recorded: RecordedEvent, by: Counting) -> str:
        """Whether a credit or refutation counts, asked in the order of the log; nothing for what is
        neither."""
        match recorded.event:
            case ReportCredited() | RefutationNoted() as event if (
                self.taken_back.get(event.report_id, 0) > recorded.sequence
            ):
                return "taken back"
            case ReportCredited() as event:
                return by.of(event)
            case FindingCredited() as event:
                return by.of_finding(event)
            case RefutationNoted() as event:
                return by.of_refutation(event)
            case _:
                return ""
