"""A member's proven work: credits for confirmed reports, and the tracks they qualify on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.promotion.domain.member_state import Member, dump, load
from services.promotion.domain.settled import Outcome, Settled, Settlement
from services.promotion.domain.track import Track, newly_earned
from shared.contracts.event import EventRef
from shared.contracts.member import (
    MemberEvent,
    MemberQualified,
    OutcomeTakenBack,
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
    taken_back_for: EventRef


MemberCommand = CreditReport | NoteRefutation | TakeBackOutcome

# --- Decide and evolve ----------------------------------------------------


def decide(
    command: MemberCommand, member: Member, tracks: Sequence[Track], *, takes_back: bool
) -> list[MemberEvent]:
    match command:
        case CreditReport(credited) if credited.report_id not in member.settled:
            return [credited, *_qualifications(credited, evolve(member, credited), tracks)]
        case NoteRefutation(noted) if noted.report_id not in member.settled:
            return [noted]
        case TakeBackOutcome(report_id=report_id) if takes_back:
            settlement = member.settled.of(report_id)
            return [_taken_back(command, settlement)] if settlement else []
        case _:
            return []  # a repeated command: it counts already


def _taken_back(command: TakeBackOutcome, settlement: Settlement) -> OutcomeTakenBack:
    """Nobody qualifies by it, and nobody loses what they were qualified on."""
    return OutcomeTakenBack(
        member_id=command.member_id,
        report_id=command.report_id,
        place=command.place,
        sector=command.sector,
        confidential=command.confidential,
        protected=command.protected,
        taken_back_for=command.taken_back_for,
        outcome=settlement.outcome,
        on=settlement.on,
        confirmer=settlement.confirmer,
    )


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
            return replace(member, qualified=member.qualified | {event.track})
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
        commands=(CreditReport, NoteRefutation, TakeBackOutcome),
        key="member_id",
        kept=Kept(dump, load),
    )
