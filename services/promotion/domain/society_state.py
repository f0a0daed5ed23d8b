"""A society as its events left it: who belongs to it, who leads it, whether it is alive."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal

from rpds import HashTrieMap

from shared.contracts.place import EVERYWHERE
from shared.contracts.society import (
    SILENT_AFTER,
    ActivityHeld,
    AppealDeclined,
    FederationAsked,
    FederationJoined,
    FederationLeft,
    LeaderFollowed,
    MemberAnswered,
    MemberForgotten,
    MembersAsked,
    Office,
    OfficeGiven,
    OfficeTaken,
    SocietyCounted,
    SocietyDissolved,
    SocietyEvent,
    SocietyFellDormant,
    SocietyFounded,
    SocietyJoined,
    SocietyLeft,
    SocietyRegistered,
    SocietyReinstated,
    SocietyRevived,
    SocietyReworded,
    SocietySuspended,
    Succession,
    SuccessionRuled,
    SuspensionAppealed,
)
from shared.eventsourcing.packed import Ids

Life = Literal["unknown", "active", "dormant", "suspended", "dissolved", "merged"]
ENDED = ("dissolved", "merged")

BYTES_A_MEMBER = 400
NEVER = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a member: the how many-th to join, and when they were heard last."""

    number: int
    heard: date


@dataclass(frozen=True, slots=True)
class Society:
    """`before` is what it was when it was suspended, `appeal` what became of the one appeal;
    `entry` is what a public register says of it, if it is from one; `asked` are federations that it
    would like to be in."""

    life: Life = "unknown"
    place: str = EVERYWHERE
    places: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    founded_at: datetime = NEVER
    words: str = ""
    leader: str = ""
    members: "HashTrieMap[str, Standing]" = field(default_factory=HashTrieMap)
    joined: int = 0
    offices: frozenset[tuple[str, Office]] = frozenset()
    rule: Succession = "longest-standing"
    activities: Ids = field(default_factory=Ids)
    forgotten: Ids = field(default_factory=Ids)
    counted: int = 0
    heard_at: datetime = NEVER
    dormant_at: datetime | None = None
    before: Life = "active"
    suspended_by: str = ""
    reason: str = ""
    appeal_words: str = ""
    appeal: Literal["none", "open", "declined"] = "none"
    entry: SocietyRegistered | None = None
    federations: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    @property
    def held_bytes(self) -> int:
        """A society that is loaded from beside the log has few events and many members."""
        return len(self.members) * BYTES_A_MEMBER

    @property
    def all_federations(self) -> frozenset[str]:
        """By its own decision, and by what its register says."""
        return self.federations | frozenset(self.entry.federations if self.entry else ())

    @property
    def asks_at(self) -> datetime:
        return self.heard_at + SILENT_AFTER


def evolve(society: Society, event: SocietyEvent) -> Society:
    match event:
        case SocietyFounded(founder=founder, at=at):
            return _joining(_founded(event), founder, at)
        case SocietyJoined(member_id=who, at=at):
            return _joining(society, who, at)
        case SocietyLeft(member_id=who):
            return _without(society, who)
        case MemberForgotten(member_id=who):
            return replace(society, forgotten=society.forgotten.insert(who))
        case LeaderFollowed(member_id=who, before=before, at=at):
            return _heard(replace(society, leader=who), before, at)
        case SocietyCounted(at_least=at_least):
            return replace(society, counted=at_least)
        case MembersAsked(dormant_at=dormant_at):
            return replace(society, dormant_at=dormant_at)
        case SocietyFellDormant():
            return replace(society, life="dormant", dormant_at=None)
        case SocietySuspended() | AppealDeclined() | SocietyReinstated():
            return _stopped(society, event)
        case SocietyDissolved():
            return replace(society, life="dissolved", dormant_at=None)
        case _:
            return _done(society, event)


def told_by(entry: SocietyRegistered) -> Life:
    return "merged" if entry.merged_into else "dissolved" if entry.ended_on else "active"


def _founded(event: SocietyFounded) -> Society:
    return Society(
        life="active",
        place=event.place,
        places=event.places,
        sectors=event.sectors,
        founded_at=event.at,
        words=event.words,
        leader=event.founder,
    )


def _done(society: Society, event: SocietyEvent) -> Society:
    """What a member does: nobody has to be asked any more whether it goes on."""
    match event:
        case SocietyReworded(by=who, words=words):
            done = replace(society, words=words)
        case OfficeGiven(by=who, member_id=whom, office=office):
            done = replace(society, offices=society.offices | {(whom, office)})
        case OfficeTaken(by=who, member_id=whom, office=office):
            done = replace(society, offices=society.offices - {(whom, office)})
        case SuccessionRuled(by=who, rule=rule):
            done = replace(society, rule=rule)
        case ActivityHeld(by=who, activity_id=activity_id):
            done = replace(society, activities=society.activities.insert(activity_id))
        case SuspensionAppealed(by=who, words=words):
            done = replace(society, appeal="open", appeal_words=words)
        case SocietyRevived(member_id=who):
            done = replace(society, life="active")
        case MemberAnswered(member_id=who):
            done = society
        case FederationAsked(by=who, federation_id=whom):
            done = replace(society, asked=society.asked | {whom})
        case FederationJoined(by=who, federation_id=whom):
            joined = society.federations | {whom}
            done = replace(society, federations=joined, asked=society.asked - {whom})
        case FederationLeft(by=who, federation_id=whom):
            left = society.federations - {whom}
            done = replace(society, federations=left, asked=society.asked - {whom})
        case _:
            return society
    return _heard(done, who, event.at)


def _joining(society: Society, who: str, at: datetime) -> Society:
    """Whoever is the first in one that a register told of leads who comes after."""
    number = society.joined + 1
    members = society.members.insert(who, Standing(number, at.date()))
    joined = replace(society, members=members, joined=number, leader=society.leader or who)
    return _heard(joined, who, at)


def _heard(society: Society, who: str, at: datetime) -> Society:
    members = society.members
    if standing := members.get(who):
        members = members.insert(who, replace(standing, heard=max(standing.heard, at.date())))
    heard_at = max(society.heard_at, at)
    return replace(society, members=members, heard_at=heard_at, dormant_at=None)


def _without(society: Society, who: str) -> Society:
    return replace(
        society,
        members=society.members.discard(who),
        offices=frozenset(each for each in society.offices if each[0] != who),
        leader="" if society.leader == who else society.leader,
    )


def _stopped(
    society: Society, event: SocietySuspended | AppealDeclined | SocietyReinstated
) -> Society:
    match event:
        case SocietySuspended(by=by, reason=reason):
            stopped = replace(society, life="suspended", before=society.life, dormant_at=None)
            return replace(stopped, suspended_by=by, reason=reason)
        case AppealDeclined():
            return replace(society, appeal="declined")
        case SocietyReinstated(at=at):
            # while it was suspended nobody could be heard
            again = replace(society, life=society.before, heard_at=max(society.heard_at, at))
            return replace(again, suspended_by="", reason="", appeal="none", appeal_words="")
