"""What the log says became of one report, for who filed it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from shared.contracts.event import Event
from shared.contracts.report import (
    DuplicateParted,
    DuplicateRefused,
    OriginalFound,
    ReportAnswered,
    ReportClosed,
    ReportConfirmed,
    ReportCorroborated,
    ReportErased,
    ReportFiled,
    ReportHalfFixed,
    ReportMarkedDuplicate,
    ReportRefuted,
    ReportReopened,
    ReportUnsealed,
    ReportWithdrawn,
)
from shared.contracts.roles import Role
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import RecordedEvent

What = Literal[
    "received",
    "confirmed",
    "refuted",
    "closed",
    "answered",
    "erased",
    "withdrawn",
    "repeats another",
    "open again",
    "half fixed",
    "reopened",
]


class Telling(NamedTuple):
    """In which field of an event stands when it happened, and in which what the body said."""

    what: What
    at: str
    words: str = ""


TOLD: dict[type[Event], Telling] = {
    ReportFiled: Telling("received", "filed_at"),
    ReportConfirmed: Telling("confirmed", "confirmed_at", "reason"),
    ReportRefuted: Telling("refuted", "refuted_at", "reason"),
    ReportClosed: Telling("closed", "closed_at", "reason"),
    ReportAnswered: Telling("answered", "answered_at", "answer"),
    ReportErased: Telling("erased", "erased_at", "reason"),
    ReportWithdrawn: Telling("withdrawn", "withdrawn_at", "reason"),
    ReportMarkedDuplicate: Telling("repeats another", "marked_at"),
    ReportHalfFixed: Telling("half fixed", "half_fixed_at", "reason"),
    ReportReopened: Telling("reopened", "reopened_at", "reason"),
    DuplicateRefused: Telling("open again", "claimed_at"),
    DuplicateParted: Telling("open again", "parted_at", "reason"),
}


@dataclass(frozen=True)
class Step:
    """`words` are what the body said with it."""

    what: What
    at: datetime
    words: str = ""


@dataclass
class Steps:
    """`place` and `sector` as they were filed, `openings` by role, `seen_too` how many other
    reports are said to repeat it, `corroborated` how many people have seen it, too."""

    place: str = ""
    sector: str = ""
    steps: list[Step] = field(default_factory=list)
    openings: Counter[Role] = field(default_factory=Counter)
    seen_too: int = 0
    corroborated: int = 0


def steps_of(events: Sequence[RecordedEvent]) -> Steps | None:
    """None where nothing was filed."""
    told = Steps()
    for recorded in events:
        _take(told, recorded.event)
    return told if told.steps else None


def _take(told: Steps, event: Event) -> None:
    match event:
        case ReportFiled(place=place, sector=sector):
            told.place, told.sector = place, sector
        case ReportUnsealed(role=role):
            told.openings[role] += 1
        case OriginalFound():
            told.seen_too += 1
        case ReportCorroborated():
            told.corroborated += 1
        case _:
            pass
    if telling := TOLD.get(type(event)):
        words = getattr(event, telling.words) if telling.words else ""
        said = "" if words == CLOSED else words
        told.steps.append(Step(telling.what, getattr(event, telling.at), said))
