"""A member's proven work: credits for confirmed reports, and the tracks they qualify on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.promotion.domain.track import Record, Track, all_of, newly_earned
from services.promotion.domain.work import Work, from_told, told
from shared.contracts.member import MemberEvent, MemberQualified, RefutationNoted, ReportCredited
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
    credits; `confidential` and `protected` if any of the reports is.
    """

    work: Work = field(default_factory=Work)
    settled: Ids = field(default_factory=Ids)
    digest: str = OF_NONE
    qualified: frozenset[str] = frozenset()
    confidential: bool = False
    protected: bool = False

    @property
    def record(self) -> Record:
        return all_of(self.work)


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
                settled=member.settled.insert(event.report_id),
                digest=extended(member.digest, event.earned_by.id),
                confidential=member.confidential or event.confidential,
                protected=member.protected or event.protected,
            )
        case RefutationNoted():
            return replace(
                member,
                work=member.work.refuted(event.on),
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
        "work": told(member.work),
        "digest": member.digest,
        "qualified": sorted(member.qualified),
        "confidential": member.confidential,
        "protected": member.protected,
    }
    return json.dumps(head).encode() + b"\n" + member.settled.pack()


def load(kept: bytes) -> Member:
    line, _, settled = kept.partition(b"\n")
    head = json.loads(line)
    head["work"] = from_told(head["work"])
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
