"""The gate: what outsiders may see of an event at once. What is not named here stays inside.

What is protected is held for the release of its day (`services.publishing.release.book`).

Public ids are keyed hashes: without the release key nobody can tell which internal id, or which
upstream number, is behind one.
"""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from shared.contracts import check, member, public, report, request_token
from shared.contracts.event import Event
from shared.contracts.identity import event_id, keyed
from shared.contracts.routing import log_of
from shared.contracts.values import EARLIEST

Gate = Callable[[Event], Event | None]

TARGET, KEY = log_of("public"), "Tribune-Key"
"""Where it goes, and the header that tells by which key."""


def gate(release_key: bytes, zone: tzinfo) -> Gate:
    """Days of checks and withdrawals are those of `zone`."""

    def public_event(event: Event) -> Event | None:
        if (about := passes(event)) is None:
            return None
        return _public(event, keyed(release_key, *about), zone)

    return public_event


def passes(event: Event) -> tuple[str, str] | None:
    """Kind and inside id of what an event is about that passes; no other event does."""
    match event:
        case (
            report.ReportFiled(confidential=False, protected=False)
            | report.ReportConfirmed(confidential=False, protected=False)
            | report.ReportRefuted(confidential=False, protected=False)
            | report.ReportCorroborated(confidential=False, protected=False, known=True)
            | report.ReportHalfFixed(confidential=False, protected=False)
            | report.ReportReopened(confidential=False, protected=False)
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
        ):
            return "check", event.check_id
        case member.MemberQualified(confidential=False, protected=False):
            return "member", event.member_id
        case _:
            return None


def released_id(release_key: bytes, inside_id: str, public_id: str) -> str:
    """Of an event in PUBLIC, by the one inside and what it is about; tells nothing of either."""
    return event_id(public_id, keyed(release_key, "release", inside_id), 0)


def released(release_key: bytes, inside_id: str, event: Event) -> tuple[str, Event]:
    """An event as it stands in PUBLIC, under an id that tells nothing of the one inside."""
    return released_id(release_key, inside_id, event.aggregate_id), event


def _public(event: Event, public_id: str, zone: tzinfo) -> Event | None:
    match event:
        case report.ReportWithdrawn():
            return _withdrawn(event, "report", public_id, zone)
        case check.CheckWithdrawn():
            return _withdrawn(event, "check", public_id, zone)
        case check.CheckWordsPassed():
            return public.CheckWordsPassed(
                check=public_id,
                place=event.place,
                sector=event.sector,
                owner=event.owner,
                task=event.task if event.overdue else None,
            )
        case report.ReportEvent():
            return _report(event, public_id)
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
        case _:
            return None


def _report(event: report.ReportEvent, public_id: str) -> Event | None:
    where = {"report": public_id, "place": event.place, "sector": event.sector}
    match event:
        case report.ReportFiled():
            return public.ReportFiled(**where, on=event.filed_at.date(), token=_token(event))
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
        case _:
            return None


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
            return public.CheckOpened(**what)
        case check.DoneClaimed():
            done_on = day(event.done_at, zone)
            return public.DoneClaimed(**what, done_on=done_on, late=event.late)
        case check.CheckOverdue():
            return public.CheckOverdue(**what, task=event.task if is_passed else None)
        case check.OverdueWithdrawn():
            return public.OverdueWithdrawn(**what, done_on=day(event.done_at, zone))
        case _:
            return None


def _withdrawn(
    event: report.ReportWithdrawn | check.CheckWithdrawn, what: str, public_id: str, zone: tzinfo
) -> Event:
    return public.PublicWithdrawn(
        what=what,
        id=public_id,
        place=event.place,
        sector=event.sector,
        reason=event.reason,
        on=day(event.withdrawn_at, zone),
    )


def day(moment: datetime, zone: tzinfo) -> date:
    """West of Greenwich the earliest moment there may be is of a day before the earliest one."""
    return max(moment.astimezone(zone).date(), EARLIEST.date())
