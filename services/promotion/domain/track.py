"""A track: a way to qualify, as data, versioned; and whether somebody's work meets it."""

from dataclasses import dataclass


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
    refuted: int

    @property
    def refuted_share(self) -> float:
        total = self.confirmed + self.refuted
        return self.refuted / total if total else 0.0


def is_met(track: Track, of: Record) -> bool:
    return (
        of.confirmed >= track.confirmed
        and of.sectors >= track.sectors
        and of.days >= track.days
        and of.refuted_share <= track.refuted_share
    )
