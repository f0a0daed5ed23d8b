"""What the log says became of one report, for who filed it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.contracts.event import Event
from shared.contracts.report import (
    DuplicateRefused,
    OriginalFound,
    ReportAnswered,
    ReportClosed,
    ReportConfirmed,
    ReportErased,
    ReportFiled,
    ReportMarkedDuplicate,
    ReportRefuted,
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
]
NAMES: dict[type[Event], What] = {
    ReportFiled: "received",
    ReportConfirmed: "confirmed",
    ReportRefuted: "refuted",
    ReportClosed: "closed",
    ReportAnswered: "answered",
    ReportErased: "erased",
    ReportWithdrawn: "withdrawn",
    ReportMarkedDuplicate: "repeats another",
    DuplicateRefused: "open again",
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
    reports are said to repeat it."""

    place: str = ""
    sector: str = ""
    steps: list[Step] = field(default_factory=list)
    openings: Counter[Role] = field(default_factory=Counter)
    seen_too: int = 0


def steps_of(events: Sequence[RecordedEvent]) -> Steps | None:
    """None where nothing was filed."""
    told = Steps()
    for recorded in events:
        _take(told, recorded)
    return told if told.steps else None


def _take(told: Steps, recorded: RecordedEvent) -> None:
    match recorded.event:
        case ReportFiled() as event:
            told.place, told.sector = event.place, event.sector
            _step(told, recorded, event.filed_at)
        case ReportUnsealed(role=role):
            told.openings[role] += 1
        case OriginalFound():
            told.seen_too += 1
        case ReportConfirmed(confirmed_at=at, reason=words):
            _step(told, recorded, at, words)
        case ReportRefuted(refuted_at=at, reason=words):
            _step(told, recorded, at, words)
        case ReportClosed(closed_at=at, reason=words):
            _step(told, recorded, at, words)
        case ReportAnswered(answered_at=at, answer=words):
            _step(told, recorded, at, words)
        case ReportErased(erased_at=at, reason=words):
            _step(told, recorded, at, words)
        case ReportWithdrawn(withdrawn_at=at, reason=words):
            _step(told, recorded, at, words)
        case ReportMarkedDuplicate(marked_at=at):
            _step(told, recorded, at)
        case DuplicateRefused(claimed_at=at):
            _step(told, recorded, at)
        case _:
            pass


def _step(told: Steps, recorded: RecordedEvent, at: datetime, words: str = "") -> None:
    said = "" if words == CLOSED else words
    told.steps.append(Step(NAMES[type(recorded.event)], at, said))
