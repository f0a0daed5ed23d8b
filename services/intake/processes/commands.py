"""What the process `duplicates` is told: commands to its own aggregates, one for each report."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.duplicates import Chain


@dataclass(frozen=True, slots=True)
class SeekOriginal:
    report_id: str
    original: str
    claim: int
    claimed_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class FollowChains:
    """All that go on together, each of another duplicate."""

    report_id: str
    chains: tuple[Chain, ...]
    place: str


@dataclass(frozen=True, slots=True)
class PartChain:
    """The report repeats none any more, as of `claim`: the sequence of what says so."""

    report_id: str
    claim: int
    place: str


@dataclass(frozen=True, slots=True)
class SeekAnew:
    """What it repeats repeats another one no more; `claim` is the sequence of what says so."""

    report_id: str
    claim: int
    place: str


@dataclass(frozen=True, slots=True)
class NameHead:
    """The report, which chains have come to, was filed."""

    report_id: str
    place: str


@dataclass(frozen=True, slots=True)
class TakeHead:
    """`claim` is that of the chain: what a claim led to says nothing about the next one."""

    report_id: str
    head: str
    as_of: int
    place: str
    claim: int


@dataclass(frozen=True, slots=True)
class RefuseClaim:
    report_id: str
    claim: int
    reason: str
    place: str


Command = SeekOriginal | PartChain | SeekAnew | FollowChains | NameHead | TakeHead | RefuseClaim
