"""A member's proven work: credits for confirmed reports, and the tracks they qualify on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rpds import HashTrieSet

from services.promotion.domain.track import Record, Track, is_met
from shared.contracts.member import MemberEvent, MemberQualified, RefutationNoted, ReportCredited
from shared.contracts.place import common_region
from shared.contracts.proof import OF_NONE, extended
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider, Kept
from shared.eventsourcing.packed import Ids

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


MemberCommand = CreditReport | NoteRefutation

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """Figures, not histories: a member may live through a hundred thousand reports.

    `settled` are the reports that count already; `digest` is that of the events that earned the
    credits; `region` holds all their places; `confidential` and `protected` if any of the reports
    is.
    """

    confirmed: int = 0
    refuted: int = 0
    sectors: "HashTrieSet[str]" = field(default_factory=HashTrieSet)
    days: "HashTrieSet[date]" = field(default_factory=HashTrieSet)
    settled: Ids = field(default_factory=Ids)
    region: str = ""
    digest: str = OF_NONE
    qualified: frozenset[str] = frozenset()
    confidential: bool = False
    protected: bool = False

    @property
    def record(self) -> Record:
        return Record(self.confirmed, len(self.sectors), len(self.days), self.refuted)


# --- Decide and evolve ----------------------------------------------------


def decide(command: MemberCommand, member: Member, tracks: Sequence[Track]) -> list[MemberEvent]:
    match command:
        case CreditReport(credited) if credited.report_id not in member.settled:
            return [credited, *_qualifications(credited, evolve(member, credited), tracks)]
        case NoteRefutation(noted) if noted.report_id not in member.settled:
            return [noted]
        case _:
            return []  # a repeated command: it counts already


def _qualifications(
    last: ReportCredited, member: Member, tracks: Sequence[Track]
) -> list[MemberQualified]:
    figures = member.record
    return [
        MemberQualified(
            member_id=last.member_id,
            place=member.region,
            track=track.name,
            rule_version=track.version,
            on=last.on,
            confidential=member.confidential,
            protected=member.protected,
            confirmed=figures.confirmed,
            sectors=figures.sectors,
            days=figures.days,
            refuted_share=round(figures.refuted_share, 4),
            digest=member.digest,
        )
        for track in tracks
        if track.name not in member.qualified and is_met(track, figures)
    ]


def evolve(member: Member, event: MemberEvent) -> Member:
    match event:
        case ReportCredited():
            return replace(
                member,
                confirmed=member.confirmed + 1,
                sectors=member.sectors.insert(event.sector),
                days=member.days.insert(event.on),
                settled=member.settled.insert(event.report_id),
                region=common_region(filter(None, (member.region, event.place))),
                digest=extended(member.digest, event.earned_by.id),
                confidential=member.confidential or event.confidential,
                protected=member.protected or event.protected,
            )
        case RefutationNoted():
            return replace(
                member,
                refuted=member.refuted + 1,
                settled=member.settled.insert(event.report_id),
                confidential=member.confidential or event.confidential,
                protected=member.protected or event.protected,
            )
        case MemberQualified():
            return replace(member, qualified=member.qualified | {event.track})
        case _:
            return member


# --- Beside the log -------------------------------------------------------


def dump(member: Member) -> bytes:
    """The settled reports packed, behind a line with everything else."""
    head = {
        "confirmed": member.confirmed,
        "refuted": member.refuted,
        "sectors": sorted(member.sectors),
        "days": sorted(day.isoformat() for day in member.days),
        "region": member.region,
        "digest": member.digest,
        "qualified": sorted(member.qualified),
        "confidential": member.confidential,
        "protected": member.protected,
    }
    return json.dumps(head).encode() + b"\n" + member.settled.pack()


def load(kept: bytes) -> Member:
    line, _, settled = kept.partition(b"\n")
    head = json.loads(line)
    head["sectors"] = HashTrieSet(head["sectors"])
    head["days"] = HashTrieSet(map(date.fromisoformat, head["days"]))
    head["qualified"] = frozenset(head["qualified"])
    return Member(**head, settled=Ids.unpack(settled))


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
        kept=Kept(dump, load),
    )
