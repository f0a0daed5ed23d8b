"""A member's proven work: credits for confirmed reports, and the tracks they qualify on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

from services.promotion.domain.held import Held
from services.promotion.domain.keeping import over, revoked, weighed
from services.promotion.domain.member_state import Member, dump, load
from services.promotion.domain.settled import Outcome, Settled, Settlement
from services.promotion.domain.track import Track, newly_earned
from shared.contracts.event import EventRef
from shared.contracts.member import (
    MemberEvent,
    MemberQualified,
    OutcomeTakenBack,
    QualificationEnded,
    QualificationSteadied,
    QualificationWavered,
    RefutationNoted,
    ReportCredited,
)
from shared.contracts.proof import extended
from shared.contracts.values import Id, Place, Sector
from shared.eventsourcing.decider import Category, Decider, Kept

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreditReport:
    """Its fields are those of `ReportCredited`."""

    credited: ReportCredited

    @property
    def member_id(self) -> Id:
        return self.credited.member_id


@dataclass(frozen=True, slots=True)
class NoteRefutation:
    """Its fields are those of `RefutationNoted`."""

    noted: RefutationNoted

    @property
    def member_id(self) -> Id:
        return self.noted.member_id


@dataclass(frozen=True, slots=True)
class TakeBackOutcome:
    """The report was reopened by `taken_back_for`; what is to be taken back the member knows."""

    member_id: Id
    report_id: Id
    place: Place
    sector: Sector
    confidential: bool
    protected: bool
    on: date
    taken_back_for: EventRef


@dataclass(frozen=True, slots=True)
class EndGrace:
    """The time of grace of a qualification is over, as the calendar says."""

    member_id: Id
    today: date


MemberCommand = CreditReport | NoteRefutation | TakeBackOutcome | EndGrace

# --- Decide and evolve ----------------------------------------------------


def decide(
    command: MemberCommand, member: Member, tracks: Sequence[Track], *, takes_back: bool
) -> list[MemberEvent]:
    match command:
        case CreditReport(credited) if credited.report_id not in member.settled:
            early = over(credited.member_id, member, tracks, credited.on)
            now = reduce(evolve, (*early, credited), member)
            weighs = weighed(credited.member_id, now, tracks, credited.on)
            return [*early, credited, *weighs, *_qualifications(credited, now, tracks)]
        case NoteRefutation(noted) if noted.report_id not in member.settled:
            early = over(noted.member_id, member, tracks, noted.on)
            now = reduce(evolve, (*early, noted), member)
            return [*early, noted, *weighed(noted.member_id, now, tracks, noted.on)]
        case TakeBackOutcome(report_id=report_id) if takes_back:
            settlement = member.settled.of(report_id)
            return _taken_back(command, settlement, member, tracks) if settlement else []
        case EndGrace(member_id, today):
            return [*over(member_id, member, tracks, today)]
        case _:
            return []  # a repeated command: it counts already


def _taken_back(
    command: TakeBackOutcome, settlement: Settlement, member: Member, tracks: Sequence[Track]
) -> list[MemberEvent]:
    """Nobody qualifies by it; who does not meet their rule without it is qualified no more."""
    back = OutcomeTakenBack(
        member_id=command.member_id,
        report_id=command.report_id,
        place=command.place,
        sector=command.sector,
        confidential=command.confidential,
        protected=command.protected,
        taken_back_for=command.taken_back_for,
        taken_back_on=command.on,
        outcome=settlement.outcome,
        on=settlement.on,
        confirmer=settlement.confirmer,
    )
    early = over(command.member_id, member, tracks, command.on)
    now = reduce(evolve, (*early, back), member)
    ends = revoked(back, member.work, now, tracks, command.on)
    left = reduce(evolve, ends, now)
    return [*early, back, *ends, *weighed(command.member_id, left, tracks, command.on)]


def _qualifications(
    last: ReportCredited, member: Member, tracks: Sequence[Track]
) -> list[MemberQualified]:
    earned = newly_earned(tracks, member.work, member.qualified)
    return [_qualified(last, member, each) for each in earned]


def _qualified(last: ReportCredited, member: Member, track: Track) -> MemberQualified:
    """Its figures are of all that was ever credited, whatever of it the track looked at."""
    of_all = member.record
    return MemberQualified(
        member_id=last.member_id,
        place=member.work.region,
        track=track.name,
        rule_version=track.version,
        on=last.on,
        confidential=member.confidential,
        protected=member.protected,
        confirmed=of_all.confirmed,
        sectors=of_all.sectors,
        days=of_all.days,
        refuted_share=round(of_all.refuted_share, 4),
        digest=member.digest,
    )


def evolve(member: Member, event: MemberEvent) -> Member:
    match event:
        case ReportCredited():
            return replace(
                member,
                work=member.work.credited(event),
                settled=_settled(member, event.report_id, "confirmed", event.on, event.confirmer),
                digest=extended(member.digest, event.earned_by.id),
                confidential=member.confidential or event.confidential,
                protected=member.protected or event.protected,
            )
        case RefutationNoted():
            return replace(
                member,
                work=member.work.refuted(event.on),
                settled=_settled(member, event.report_id, "refuted", event.on),
                confidential=member.confidential or event.confidential,
                protected=member.protected or event.protected,
            )
        case OutcomeTakenBack():
            settled = member.settled.without(event.report_id)
            return replace(member, work=member.work.without(event), settled=settled)
        case MemberQualified():
            until = max(event.on, member.work.newest or event.on)
            one = Held(event.place, event.rule_version, until)
            return replace(member, held={**member.held, event.track: one})
        case QualificationEnded():
            left = {name: one for name, one in member.held.items() if name != event.track}
            return replace(member, held=left)
        case QualificationWavered() if event.track in member.held:
            one = member.held[event.track].wavering(event.on, event.lapses_on)
            return replace(member, held={**member.held, event.track: one})
        case QualificationSteadied() if event.track in member.held:
            one = member.held[event.track].steadied()
            return replace(member, held={**member.held, event.track: one})
        case _:
            return member


def _settled(
    member: Member, report_id: Id, outcome: Outcome, on: date, confirmer: str = ""
) -> Settled:
    return member.settled.with_one(report_id, Settlement(outcome, on, confirmer))


def category(tracks: Sequence[Track], *, takes_back: bool = False) -> Category:
    """All members, judged by these tracks. `takes_back`: what came of a report counts no more once
    it is reopened."""
    return Category(
        service="promotion",
        name="member",
        decider=Decider[MemberCommand, MemberEvent, Member](
            initial_state=Member(),
            decide=lambda command, member: decide(command, member, tracks, takes_back=takes_back),
            evolve=evolve,
        ),
        commands=(CreditReport, NoteRefutation, TakeBackOutcome, EndGrace),
        key="member_id",
        kept=Kept(dump, load),
    )
