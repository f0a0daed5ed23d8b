"""A track: a way to qualify, as data, versioned; and whether somebody's work meets it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.contracts.event import EventRef


@dataclass(frozen=True, slots=True)
class Credit:
    """One confirmed report: where it counts, and the event that proves it."""

    place: str
    sector: str
    on: date
    earned_by: EventRef


@dataclass(frozen=True, slots=True)
class Track:
    """Qualified is who has at least so many confirmed reports, from so many sectors and days, and
    whose refuted share, refuted / (confirmed + refuted), is at most `refuted_share`."""

    name: str
    version: int
    title: str
    confirmed: int
    sectors: int
    days: int
    refuted_share: float


@dataclass(frozen=True, slots=True)
class Record:
    """The figures of somebody's work that a track looks at."""

    confirmed: int
    sectors: int
    days: int
    refuted_share: float


def record(credits_: Iterable[Credit], refuted: int) -> Record:
    credits_ = list(credits_)
    total = len(credits_) + refuted
    return Record(
        confirmed=len(credits_),
        sectors=len({credit.sector for credit in credits_}),
        days=len({credit.on for credit in credits_}),
        refuted_share=refuted / total if total else 0.0,
    )


def is_met(track: Track, of: Record) -> bool:
    return (
        of.confirmed >= track.confirmed
        and of.sectors >= track.sectors
        and of.days >= track.days
        and of.refuted_share <= track.refuted_share
    )
