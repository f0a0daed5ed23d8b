"""A member's proven work: credits for confirmed reports, and the tracks they qualify on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.promotion.domain.track import Credit, Track, is_met, record
from shared.contracts.event import EventRef
from shared.contracts.member import MemberEvent, MemberQualified, RefutationNoted, ReportCredited
from shared.contracts.place import common_region
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreditReport:
    member_id: str
    report_id: str
    place: str
    sector: str
    on: date
    confidential: bool
    earned_by: EventRef


@dataclass(frozen=True, slots=True)
class NoteRefutation:
    member_id: str
    report_id: str
    place: str
    sector: str
    on: date
    confidential: bool
    noted_from: EventRef


MemberCommand = CreditReport | NoteRefutation

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """`settled` are the reports that count already; `confidential` if any of them is."""

    credits: tuple[Credit, ...] = ()
    refuted: int = 0
    settled: frozenset[str] = frozenset()
    qualified: frozenset[str] = frozenset()
    confidential: bool = False


# --- Decide and evolve ----------------------------------------------------


def decide(command: MemberCommand, member: Member, tracks: Sequence[Track]) -> list[MemberEvent]:
    if command.report_id in member.settled:
        return []  # a repeated command: it counts already
    match command:
        case CreditReport():
            credited = ReportCredited(
                member_id=command.member_id,
                place=command.place,
                report_id=command.report_id,
                sector=command.sector,
                on=command.on,
                confidential=command.confidential,
                earned_by=command.earned_by,
            )
            return [credited, *_qualifications(credited, evolve(member, credited), tracks)]
        case NoteRefutation():
            return [
                RefutationNoted(
                    member_id=command.member_id,
                    place=command.place,
                    report_id=command.report_id,
                    sector=command.sector,
                    on=command.on,
                    confidential=command.confidential,
                    noted_from=command.noted_from,
                )
            ]


def _qualifications(
    last: ReportCredited, member: Member, tracks: Sequence[Track]
) -> list[MemberQualified]:
    open_tracks = [track for track in tracks if track.name not in member.qualified]
    if not open_tracks:
        return []
    figures = record(member.credits, member.refuted)
    return [
        MemberQualified(
            member_id=last.member_id,
            place=common_region(credit.place for credit in member.credits),
            track=track.name,
            rule_version=track.version,
            on=last.on,
            confidential=member.confidential,
            confirmed=figures.confirmed,
            sectors=figures.sectors,
            days=figures.days,
            refuted_share=round(figures.refuted_share, 4),
            earned_by=tuple(credit.earned_by for credit in member.credits),
        )
        for track in open_tracks
        if is_met(track, figures)
    ]


def evolve(member: Member, event: MemberEvent) -> Member:
    match event:
        case ReportCredited():
            credit = Credit(event.place, event.sector, event.on, event.earned_by)
            return replace(
                member,
                credits=(*member.credits, credit),
                settled=member.settled | {event.report_id},
                confidential=member.confidential or event.confidential,
            )
        case RefutationNoted():
            return replace(
                member,
                refuted=member.refuted + 1,
                settled=member.settled | {event.report_id},
                confidential=member.confidential or event.confidential,
            )
        case MemberQualified():
            return replace(member, qualified=member.qualified | {event.track})
        case _:
            return member


def category(tracks: Sequence[Track]) -> Category:
    """All members, judged by these tracks."""
    return Category(
        service="promotion",
        name="member",
        decider=Decider[MemberCommand, MemberEvent, Member](
            initial_state=Member(),
            decide=lambda command, member: decide(command, member, tracks),
            evolve=evolve,
        ),
        commands=(CreditReport, NoteRefutation),
        key="member_id",
    )
