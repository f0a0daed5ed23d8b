"""What an event changes of what is known of a report."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

from services.intake.domain.duplicate import Duplicate
from services.intake.domain.files_passed import GONE, WAITS
from services.intake.domain.report_state import Awaited, Filed, Report, Unknown, digest
from services.intake.domain.settlement import SETTLED_BY, settled_at
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateParted,
    DuplicateRefused,
    ErasureAnnounced,
    FileAttached,
    FilePassed,
    FileTakenBack,
    FollowerNoted,
    FollowersFound,
    OriginalAwaited,
    OriginalFound,
    ReportAnswered,
    ReportCorroborated,
    ReportErased,
    ReportEvent,
    ReportFiled,
    ReportHalfFixed,
    ReportMarkedDuplicate,
    ReportReopened,
    ReportUnsealed,
    ReportWithdrawn,
)

Waited = OriginalAwaited | FollowerNoted


def evolve(report: Report, event: ReportEvent | Waited | FollowersFound) -> Report:
    match event, report:
        case OriginalAwaited() | FollowerNoted(), Unknown() | Awaited():
            return _awaited(Awaited() if isinstance(report, Unknown) else report, event)
        case FollowersFound(), Filed():
            return replace(report, followers=report.followers.update(event.checks))
        case ReportFiled(), _:
            return Filed(
                event.place,
                event.sector,
                event.confidential,
                event.protected,
                event.correspondent,
            )
        case FileAttached() | FilePassed() | FileTakenBack(), Filed():
            return _with_file(report, event)
        case ReportEvent(), Filed():
            return _of_one_filed(report, event)
        case _:
            return report


def _awaited(report: Awaited, event: Waited) -> Awaited:
    if isinstance(event, OriginalAwaited):
        return replace(report, is_original=True)
    return replace(report, followers=report.followers.insert(event.check_id))


def _with_file(report: Filed, event: FileAttached | FilePassed | FileTakenBack) -> Filed:
    match event:
        case FilePassed():
            called = event.picture
        case FileTakenBack():
            called = GONE
        case _:
            called = report.files.get(event.digest) or WAITS
    return replace(report, files=report.files.insert(event.digest, called))


def _of_one_filed(report: Filed, event: ReportEvent) -> Filed:
    match event:
        case ReportAnswered():
            return replace(report, last_answer=digest(event.answer))
        case OriginalFound():
            return replace(report, is_original=True)
        case ReportUnsealed():
            return replace(report, last_unsealed=event.unsealed_at)
        case ReportErased():
            return replace(report, erased=True, last_answer=None)
        case ErasureAnnounced():
            return replace(report, erase_at=event.erase_at)
        case ReportWithdrawn():
            return replace(report, withdrawn=True)
        case ReportCorroborated():
            strangers = report.strangers + (not event.known)
            return replace(report, witnesses=report.witnesses.insert(event.by), strangers=strangers)
        case ReportHalfFixed():
            return replace(report, half_fixed=True, settled_at=event.half_fixed_at)
        case ReportReopened():
            at = event.reopened_at
            return replace(report, settled_by=None, half_fixed=False, reopened_at=at)
        case DuplicateParted():
            at = event.parted_at
            return replace(
                report, settled_by=None, duplicate=None, half_fixed=False, reopened_at=at
            )
        case DuplicateRefused():
            refused = report.refused.insert(event.duplicate_of, event.claimed_at)
            return replace(
                report, settled_by=None, duplicate=None, half_fixed=False, refused=refused
            )
        case _:
            by, as_of = SETTLED_BY[type(event)], settled_at(event)
            return replace(report, settled_by=by, settled_at=as_of, duplicate=_said(event))


def _said(event: ReportEvent) -> Duplicate | None:
    match event:
        case DuplicateClaimed():
            return Duplicate(event.duplicate_of, event.claimed_at)
        case ReportMarkedDuplicate():
            return Duplicate(event.duplicate_of, event.marked_at, event.head, event.as_of)
        case _:
            return None


def folded(events: Iterable[Any]) -> Report:
    """What is known of a report once all of these events have come, the oldest first."""
    start: Report = Unknown()
    return reduce(evolve, events, start)
