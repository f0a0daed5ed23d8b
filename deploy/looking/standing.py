"""How a member stands on a track: what counts, what is missing, and what they hold."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from deploy.looking.lookup import Log, history
from services.promotion.domain.counting import Counting
from services.promotion.domain.track import Figure, Track, figures, record_for
from services.promotion.domain.work import Work
from shared.contracts.member import (
    MemberQualified,
    OutcomeTakenBack,
    QualificationEnded,
    RefutationNoted,
    ReportCredited,
)
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent


@dataclass
class Standing:
    """`held` are the qualifications of the log by track, `ended` what ended last of those that are
    not held any more; `taken_back` tells by report where its
    outcome was taken back last."""

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


async def standing(log: Log, key: AggregateKey, track: Track) -> Standing:
    found = Standing(key.id, track)
    async with aclosing(history(log, key)) as events:
        async for recorded in events:
            match recorded.event:
                case ReportCredited() as event:
                    found.work = found.work.credited(event)
                case RefutationNoted() as event:
                    found.work = found.work.refuted(event.on)
                case OutcomeTakenBack() as event:
                    found.work = found.work.without(event)
                    found.taken_back[event.report_id] = recorded.sequence
                case MemberQualified(track=name):
                    found.held.setdefault(name, recorded)
                    found.ended.pop(name, None)
                case QualificationEnded(track=name):
                    found.held.pop(name, None)
                    found.ended[name] = recorded
    return found


async def credits_of(
    log: Log, key: AggregateKey, of: Standing
) -> AsyncGenerator[tuple[RecordedEvent, str]]:
    """Each credit or refutation, and whether it counts; as they are read, for they may be very
    many."""
    counting = Counting(of.track, of.work)
    async with aclosing(history(log, key)) as events:
        async for recorded in events:
            match recorded.event:
                case ReportCredited() | RefutationNoted() as event if (
                    of.taken_back.get(event.report_id, 0) > recorded.sequence
                ):
                    yield recorded, "taken back"
                case ReportCredited() as event:
                    yield recorded, counting.of(event)
                case RefutationNoted() as event:
                    yield recorded, counting.of_refutation(event)
