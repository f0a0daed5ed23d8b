"""What has happened to a report, as the desk tells it, and what may be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.course import HalfFixReport
from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.report_folded import folded
from services.intake.domain.report_state import Filed
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from services.intake.site.desk_words import HAPPENED
from shared.contracts.actor import in_words
from shared.contracts.report import FileAttached, ReportFiled
from shared.contracts.sealed import CLOSED, sealed_fields
from shared.eventsourcing.event_store import RecordedEvent
from shared.web.language import Marked, marked

OTHERWISE = marked("Something else happened to it.")
STATE_OF: dict[type | None, str] = {
    ConfirmReport: "confirmed",
    RefuteReport: "refuted",
    CloseReport: "closed",
    MarkDuplicate: "duplicate",
    HalfFixReport: "half fixed",
    None: "filed",
}


@dataclass(frozen=True)
class Happened:
    """`kind` is of whose sort who did it is: a `source`, the `suite`, or one of the staff."""

    what: Marked
    at: datetime
    kind: str
    who: str
    words: str
    sealed: bool
    other: str


def told(events: Sequence[RecordedEvent], names: Mapping[str, str]) -> list[Happened]:
    """`names` are those of the staff by what events call them."""
    return [_told(each, names) for each in events]


def _told(recorded: RecordedEvent, names: Mapping[str, str]) -> Happened:
    event = recorded.event
    sealed = () if isinstance(event, FileAttached) else sealed_fields(type(event))  # what it is
    said = [str(getattr(event, field)) for field in sealed]
    if not said:
        said = [str(getattr(event, "reason", ""))]
    kind, known_as = recorded.actor.partition(":")[0], recorded.actor.rpartition(":")[2]
    return Happened(
        HAPPENED.get(type(event), OTHERWISE),
        recorded.recorded_at,
        kind,
        known_as if kind == "source" else names.get(known_as) or in_words(recorded.actor),
        "\n".join(text for text in said if text != CLOSED),
        CLOSED in said,
        str(getattr(event, "head", None) or getattr(event, "duplicate_of", "")),
    )


@dataclass(frozen=True)
class Standing:
    """`seen` is how many events there are; `acts` are those that may be done now; `strangers` are
    words of people whom nobody knows, beside the `witnesses`."""

    filed: ReportFiled
    state: str
    witnesses: int
    strangers: int
    sealed: bool
    erased: bool
    acts: tuple[str, ...]
    seen: int


def standing(events: Sequence[RecordedEvent]) -> Standing:
    report = folded(each.event for each in events)
    assert isinstance(report, Filed)  # noqa: S101  only those are looked at
    (filed,) = [each.event for each in events if isinstance(each.event, ReportFiled)]
    by = HalfFixReport if report.half_fixed and not report.settled_by else report.settled_by
    return Standing(
        filed,
        STATE_OF[by],
        len(report.witnesses) - report.strangers,
        report.strangers,
        filed.text == CLOSED,
        report.erased,
        tuple(_acts(report)),
        len(events),
    )


def _acts(report: Filed) -> list[str]:
    if report.settled_by is MarkDuplicate:
        acts = ["part"]
    elif report.settled_by:
        acts = ["reopen"]
    else:
        half = ["reopen"] if report.half_fixed else ["half-fix"]
        acts = ["confirm", "refute", *half, "merge", "close"]
    return [*acts, "commit"] if report.erased else [*acts, "answer", "commit"]
