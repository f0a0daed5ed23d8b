"""The gate: what outsiders may see of an event at once. What is not named here stays inside.

What is protected is held for the release of its day (`services.publishing.release.book`).

Public ids are keyed hashes: without the release key nobody can tell which internal id, or which
upstream number, is behind one.
"""

from collections.abc import Callable

from shared.contracts import check, member, public, report
from shared.contracts.event import Event
from shared.contracts.identity import keyed

Gate = Callable[[Event], Event | None]


def gate(release_key: bytes) -> Gate:
    def public_event(event: Event) -> Event | None:
        match event:
            case (
                report.ReportFiled(confidential=False, protected=False)
                | report.ReportConfirmed(confidential=False, protected=False)
                | report.ReportRefuted(confidential=False, protected=False)
            ):
                return _report(event, keyed(release_key, "report", event.report_id))
            case check.CheckEvent(confidential=False):
                return _check(event, keyed(release_key, "check", event.check_id))
            case member.MemberQualified(confidential=False, protected=False):
                return public.MemberQualified(
                    member=keyed(release_key, "member", event.member_id),
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

    return public_event


def _report(event: report.ReportEvent, public_id: str) -> Event | None:
    where = {"report": public_id, "place": event.place, "sector": event.sector}
    match event:
        case report.ReportFiled():
            return public.ReportFiled(**where, on=event.filed_at.date())
        case report.ReportConfirmed():
            return public.ReportConfirmed(**where, on=event.confirmed_at.date())
        case report.ReportRefuted():
            return public.ReportRefuted(**where, on=event.refuted_at.date())
        case _:
            return None


def _check(event: check.CheckEvent, public_id: str) -> Event | None:
    what = {
        "check": public_id,
        "place": event.place,
        "sector": event.sector,
        "owner": event.owner,
        "due_at": event.due_at,
    }
    match event:
        case check.CheckOpened():
            return public.CheckOpened(**what)
        case check.DoneClaimed():
            return public.DoneClaimed(**what, done_at=event.done_at, late=event.late)
        case check.CheckOverdue():
            return public.CheckOverdue(**what, task=event.task)
        case check.OverdueWithdrawn():
            return public.OverdueWithdrawn(**what, done_at=event.done_at)
        case _:
            return None
