"""The gate: what outsiders may see of an event at once. What is not named here stays inside.

What is protected is held for the release of its day (`services.publishing.release.book`).

Public ids are keyed hashes: without the release key nobody can tell which internal id, or which
upstream number, is behind one.
"""

from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Any

from services.publishing import (
    bulletins,
    looks,
    petitions,
    questions,
    societies,
    stories,
    verdicts,
)
from services.publishing import clock as clocks
from services.publishing.days import day
from shared.contracts import (
    bulletin,
    check,
    checking,
    clock,
    finding_shown,
    handing_over,
    member,
    petition,
    point,
    public,
    question,
    report,
    request_token,
    society,
    story,
)
from shared.contracts.event import Event
from shared.contracts.identity import event_id, keyed
from shared.contracts.place import of_smallest
from shared.contracts.routing import log_of

Gate = Callable[[Event], Event | None]

TARGET, KEY = log_of("public"), "Tribune-Key"
"""Where it goes, and the header that tells by which key."""

LIFTED = "lifted"
"""Part of the public id of a check whose shield was lifted: under the other one it may have been
taken back, and whoever heeds that heeds it for ever."""


DECIMALS = 3
"""Of degrees; a hundred metres."""

SMALLEST = 5
"""Figure that is told of people, where no charter says another one."""


def gate(
    release_key: bytes,
    zone: tzinfo,
    decimals: int = DECIMALS,
    zones: Mapping[str, tzinfo] = MappingProxyType({}),
    smallest: int = SMALLEST,
) -> Gate:
    """Days of checks and withdrawals are those of their place by `zones`, or else of `zone`; points
    are told to so many decimals, and of societies and petitions no figure below the
    `smallest`."""

    def check_named(check_id: str) -> str:
        return keyed(release_key, *of_a_check(check_id, is_lifted=False))

    def named(kind: str, inside_id: str) -> str:
        return keyed(release_key, kind, inside_id)

    def public_event(event: Event) -> Event | None:
        if (about := passes(event)) is None:
            return None
        there = of_smallest(event.place, zones, zone) if zones else zone
        public_id = keyed(release_key, *about)
        if isinstance(event, verdicts.TOLD):
            return verdicts.told(event, public_id, there, check_named)
        if isinstance(event, looks.TOLD):
            return looks.told(event, public_id, there)
        if isinstance(event, society.SocietyEvent):
            return societies.told(event, public_id, there, smallest)
        if isinstance(event, petition.PetitionEvent):
            return petitions.told(event, public_id, there, smallest, named)
        if isinstance(event, story.StoryEvent):
            return stories.told(event, public_id, there)
        if isinstance(event, question.QuestionEvent):
            return questions.told(event, public_id, there, smallest, check_named)
        if isinstance(event, bulletin.BulletinEvent):
            return bulletins.told(event, public_id, there)
        return _public(event, public_id, there, decimals)

    return public_event


def passes(event: Event) -> tuple[str, ...] | None:
    """What an event is about that passes, as what its public id is derived of: kind and inside id.
    No other event does."""
    match event:
        case (
            report.ReportFiled(confidential=False, protected=False)
            | report.ReportConfirmed(confidential=False, protected=False)
            | report.ReportRefuted(confidential=False, protected=False)
            | report.ReportCorroborated(confidential=False, protected=False, known=True)
            | report.ReportHalfFixed(confidential=False, protected=False)
            | report.ReportReopened(confidential=False, protected=False)
            | report.FilePassed(confidential=False, protected=False)
            | report.FileTakenBack(confidential=False, protected=False)
            | report.ReportWithdrawn(confidential=False)
        ):
            return "report", event.report_id
        case (
            check.CheckOpened(confidential=False)
            | check.DoneClaimed(confidential=False)
            | check.CheckOverdue(confidential=False)
            | check.OverdueWithdrawn(confidential=False)
            | check.CheckWithdrawn(confidential=False)
            | check.CheckWordsPassed(confidential=False)
            | check.CheckShielded(confidential=False)
            | check.ShieldLifted(confidential=False)
            | check.OverdueTold(confidential=False)
            | check.DoneTold(confidential=False)
            | handing_over.CheckHandedOver(confidential=False)
            | clock.CheckPaused(confidential=False)
            | clock.CheckResumed(confidential=False)
            | clock.DueDateMoved(confidential=False)
            | clock.MoreTimeAsked(confidential=False)
            | clock.MoreTimeDeclined(confidential=False)
            | checking.ClaimRefuted(confidential=False)
            | checking.ClaimUpheld(confidential=False)
            | checking.ClaimUnchecked(confidential=False)
            | checking.CheckHalved(confidential=False)
            | finding_shown.PicturePassed(confidential=False)
            | finding_shown.PictureTakenBack(confidential=False)
        ):
            is_lifted = isinstance(event, check.LaterCheckEvent) and event.lifted
            return of_a_check(event.check_id, is_lifted=is_lifted)
        case (
            member.MemberQualified(confidential=False, protected=False)
            | member.QualificationLapsed(confidential=False, protected=False)
            | member.QualificationRevoked(confidential=False, protected=False)
        ):
            return "member", event.member_id
        case society.SocietyEvent() if isinstance(event, societies.TOLD):
            return "society", event.society_id
        case petition.PetitionEvent() if isinstance(event, petitions.TOLD):
            return "petition", event.petition_id
        case story.StoryEvent() if stories.passes(event):
            return "story", event.story_id
        case question.QuestionEvent() if questions.passes(event):
            return "question", event.question_id
        case bulletin.BulletinEvent() if bulletins.passes(event):
            return "bulletin", event.bulletin_id
        case _:
            return None


def of_a_check(check_id: str, *, is_lifted: bool) -> tuple[str, ...]:
    """What its public id is derived of."""
    return ("check", check_id, LIFTED) if is_lifted else ("check", check_id)


def released_id(release_key: bytes, inside_id: str, public_id: str) -> str:
    """Of an event in PUBLIC, by the one inside and what it is about; tells nothing of either."""
    return event_id(public_id, keyed(release_key, "release", inside_id), 0)


def released(release_key: bytes, inside_id: str, event: Event) -> tuple[str, Event]:
    """An event as it stands in PUBLIC, under an id that tells nothing of the one inside."""
    return released_id(release_key, inside_id, event.aggregate_id), event


def _public(event: Event, public_id: str, zone: tzinfo, decimals: int) -> Event | None:
    match event:
        case report.ReportWithdrawn(reason=reason, withdrawn_at=at):
            return _withdrawn(event, "report", public_id, reason, day(at, zone))
        case check.CheckWithdrawn(reason=reason, withdrawn_at=at):
            return _withdrawn(event, "check", public_id, reason, day(at, zone))
        case check.CheckShielded(shielded_at=at):
            return _withdrawn(event, "check", public_id, public.TAKEN_BACK, day(at, zone))
        case check.CheckWordsPassed():
            return public.CheckWordsPassed(
                check=public_id,
                place=event.place,
                sector=event.sector,
                owner=event.owner,
                task=event.task if event.overdue else None,
            )
        case report.ReportEvent():
            return _report(event, public_id, decimals)
        case clock.ClockEvent():
            return clocks.told(event, public_id, zone)
        case check.CheckEvent():
            return _check(event, public_id, zone)
        case member.MemberQualified():
            return public.MemberQualified(
                member=public_id,
                place=event.place,
                track=event.track,
                rule_version=event.rule_version,
                on=event.on,
                confirmed=event.confirmed,
                sectors=event.sectors,
                days=event.days,
                refuted_share=event.refuted_share,
            )
        case member.QualificationEnded():
            return ended(event, public_id, event.place, event.on)
        case _:
            return None


def ended(
    event: member.QualificationEnded, public_id: str, place: str, on: date
) -> public.PublicQualificationEnded:
    """What was lacking is not told: it would say what became of single reports."""
    kind = (
        public.QualificationLapsed
        if isinstance(event, member.QualificationLapsed)
        else public.QualificationRevoked
    )
    return kind(
        member=public_id,
        place=place,
        track=event.track,
        rule_version=event.rule_version,
        on=on,
    )


def _report(event: report.ReportEvent, public_id: str, decimals: int) -> Event | None:
    where = {"report": public_id, "place": event.place, "sector": event.sector}
    match event:
        case report.ReportFiled():
            told = _rounded(event, decimals) | {"token": _token(event)}
            return public.ReportFiled(**where, on=event.filed_at.date(), **told)
        case report.ReportConfirmed():
            return public.ReportConfirmed(**where, on=event.confirmed_at.date())
        case report.ReportRefuted():
            return public.ReportRefuted(**where, on=event.refuted_at.date())
        case report.ReportCorroborated():
            return public.ReportCorroborated(**where, on=event.seen_at.date())
        case report.ReportHalfFixed():
            return public.ReportHalfFixed(**where, on=event.half_fixed_at.date())
        case report.ReportReopened():
            return public.ReportReopened(**where, on=event.reopened_at.date())
        case report.FilePassed(picture=picture):
            return public.FilePassed(**where, picture=picture, on=event.passed_at.date())
        case report.FileTakenBack(picture=picture):
            return public.FileTakenBack(**where, picture=picture, on=event.taken_back_at.date())
        case _:
            return None


def _rounded(event: report.ReportFiled, decimals: int) -> dict[str, Any]:
    """What is sealed is none."""
    found = point.read(event.point)
    return found.rounded(decimals)._asdict() if found else {}


def _token(event: report.ReportFiled) -> str | None:
    """Other names that a source gives its reports could be guessed, and their digests tried."""
    given = event.source_id
    return request_token.digest_of(given) if request_token.is_of(given, event.source) else None


def _check(event: check.CheckEvent, public_id: str, zone: tzinfo) -> Event | None:
    is_passed = isinstance(event, check.ToldCheckEvent) and event.passed
    what = {
        "check": public_id,
        "place": event.place,
        "sector": event.sector,
        "owner": event.owner if is_passed else None,
        "due_on": day(event.due_at, zone),
    }
    match event:
        case check.CheckOpened():
            # a rule may be for one owner alone, who is not told of before an editor has passed it
            return public.CheckOpened(**what, reckoning=event.reckoning if is_passed else None)
        case check.ShieldLifted():
            return public.CheckOpened(**what)
        case check.DoneClaimed() | check.DoneTold():
            return public.DoneClaimed(**what, **_done(event, zone))
        case check.CheckOverdue() | check.OverdueTold():
            return public.CheckOverdue(**what, **_late(event, is_passed=is_passed))
        case handing_over.CheckHandedOver():
            return public.CheckHandedOver(
                **what,
                to=event.to if is_passed and event.told else None,
                overdue=event.overdue,
                number=event.number,
                reason=event.reason if is_passed and event.explained else None,
                on=day(event.handed_over_at, zone),
            )
        case check.OverdueWithdrawn():
            return public.OverdueWithdrawn(**what, done_on=day(event.done_at, zone))
        case _:
            return None


def _done(event: check.DoneClaimed | check.DoneTold, zone: tzinfo) -> dict[str, Any]:
    said_at = event.said_at if isinstance(event, check.DoneClaimed) else None
    said_on = day(said_at, zone) if said_at else None
    return {"done_on": day(event.done_at, zone), "late": event.late, "said_on": said_on}


def _late(event: check.CheckOverdue | check.OverdueTold, *, is_passed: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"task": event.task if is_passed else None}
    if isinstance(event, check.CheckOverdue):
        told |= {"tier": event.tier, "to": event.to if is_passed else None}
    return told


def _withdrawn(
    event: report.ReportEvent | check.CheckEvent, what: str, public_id: str, reason: str, on: date
) -> Event:
    return public.PublicWithdrawn(
        what=what,
        id=public_id,
        place=event.place,
        sector=event.sector,
        reason=reason,
        on=on,
    )
