"""What the log says became of one report, for who filed it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from shared.contracts.attachment import MOST_FILES
from shared.contracts.event import Event
from shared.contracts.report import (
    DuplicateParted,
    DuplicateRefused,
    FileAttached,
    FilePassed,
    FileTakenBack,
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
    "files added",
    "erased",
    "withdrawn",
    "picture shown",
    "picture taken back",
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
    FilePassed: Telling("picture shown", "passed_at"),
    FileTakenBack: Telling("picture taken back", "taken_back_at"),
    ReportMarkedDuplicate: Telling("repeats another", "marked_at"),
    ReportHalfFixed: Telling("half fixed", "half_fixed_at", "reason"),
    ReportReopened: Telling("reopened", "reopened_at", "reason"),
    DuplicateRefused: Telling("open again", "claimed_at"),
    DuplicateParted: Telling("open again", "parted_at", "reason"),
}


OfAnother = ReportMarkedDuplicate | DuplicateRefused | DuplicateParted
ENDS: tuple[What, ...] = ("refuted", "closed", "repeats another")
OPENS: tuple[What, ...] = ("reopened", "open again")
"""Whether files can still be added."""


@dataclass(frozen=True)
class Step:
    """`words` are what the body said with it."""

    what: What
    at: datetime
    words: str = ""


@dataclass
class Steps:
    """`place` and `sector` as they were filed, `openings` by role, `corroborated` how many people
    have seen it, too, `attached` how many files go with it."""

    place: str = ""
    sector: str = ""
    filed_at: datetime | None = None
    steps: list[Step] = field(default_factory=list)
    openings: Counter[Role] = field(default_factory=Counter)
    corroborated: int = 0
    attached: int = 0

    @property
    def takes_files(self) -> bool:
        """As far as can be told here: the log decides."""
        told = [each.what for each in self.steps]
        last = [each for each in told if each in (*ENDS, *OPENS)]
        ended = "erased" in told or (bool(last) and last[-1] in ENDS)
        return self.attached < MOST_FILES and not ended


def heads_in(events: Sequence[RecordedEvent]) -> set[str]:
    """The reports that this one is said to repeat."""
    return {_other(each.event) for each in events if isinstance(each.event, OfAnother)}


def _other(event: OfAnother) -> str:
    """The report that it is said to repeat."""
    return (event.head if isinstance(event, ReportMarkedDuplicate) else "") or event.duplicate_of


def steps_of(
    events: Sequence[RecordedEvent], public: Collection[str] = frozenset()
) -> Steps | None:
    """None where nothing was filed. Of other reports it is told only of those that are `public`:
    whoever filed a bait would learn that somebody else reported the same."""
    told = Steps()
    for recorded in events:
        _take(told, recorded.event, public)
    return told if told.steps else None


def _take(told: Steps, event: Event, public: Collection[str]) -> None:
    match event:
        case ReportFiled(place=place, sector=sector, filed_at=at):
            told.place, told.sector, told.filed_at = place, sector, at
        case ReportUnsealed(role=role):
            told.openings[role] += 1
        case FileAttached(attached_at=at):
            told.attached += 1
            is_later = bool(told.steps) and at != told.filed_at
            if is_later and told.steps[-1] != (added := Step("files added", at)):
                told.steps.append(added)
        case ReportCorroborated(known=True):
            told.corroborated += 1
        case ReportMarkedDuplicate(marked_at=at) if _other(event) not in public:
            told.steps.append(Step("closed", at))
            return
        case DuplicateRefused(claimed_at=at) | DuplicateParted(parted_at=at) if (
            _other(event) not in public
        ):
            told.steps.append(Step("reopened", at))
            return
        case _:
            pass
    if telling := TOLD.get(type(event)):
        words = getattr(event, telling.words) if telling.words else ""
        said = "" if words == CLOSED else words
        told.steps.append(Step(telling.what, getattr(event, telling.at), said))
