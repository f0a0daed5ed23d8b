"""A track: a way to qualify, as data, versioned; and whether somebody's work meets it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.promotion.domain.weighing import WHOLE, Weights, amount, looks_back
from services.promotion.domain.work import Tallies, Work


@dataclass(frozen=True, slots=True)
class Track:
    """Qualified is who has at least so many confirmed reports, from so many sectors, days, places
    and confirmers, and whose refuted share, refuted / (confirmed + refuted), is at most
    `refuted_share`; and who is qualified on every track of `after`.

    Only the last `window_days` up to the newest credit count, if they are said. A credit counts by
    half after `half_life_days`; at most `most_per_day` count of a day, and `most_per_confirmer` of
    one confirmer. `level` orders tracks, and decides nothing. Who falls below nine tenths of it
    loses it after `grace_days`, if they are said.
    """

    name: str
    version: int
    title: str
    confirmed: int
    sectors: int
    days: int
    refuted_share: float
    places: int = 0
    confirmers: int = 0
    window_days: int = 0
    half_life_days: int = 0
    most_per_day: int = 0
    most_per_confirmer: int = 0
    level: int = 0
    after: Sequence[str] = ()
    grace_days: int = 0

    @property
    def weights(self) -> Weights:
        return Weights(
            self.window_days, self.half_life_days, self.most_per_day, self.most_per_confirmer
        )


@dataclass(frozen=True, slots=True)
class Record:
    """The figures of somebody's work that a track looks at; `weighed` are its confirmed reports as
    they count, in millionths."""

    confirmed: int
    sectors: int
    days: int
    refuted: int
    places: int = 0
    confirmers: int = 0
    weighed: int = -1

    @property
    def refuted_share(self) -> float:
        total = self.confirmed + self.refuted
        return self.refuted / total if total else 0.0

    @property
    def counted(self) -> float:
        """How many confirmed reports it counts as."""
        return self.confirmed if self.weighed < 0 else self.weighed / WHOLE


class Figure(NamedTuple):
    """One part of a rule: what it wants, and what there is. `most` where less is better."""

    what: str
    wanted: float
    has: float
    most: bool = False

    @property
    def met(self) -> bool:
        return self.has <= self.wanted if self.most else self.has >= self.wanted

    @property
    def is_kept(self) -> bool:
        """Met by nine tenths, which is enough for whoever is qualified."""
        if self.most:
            return self.has * 9 <= self.wanted * 10
        return self.has * 10 >= self.wanted * 9


def all_of(work: Work) -> Record:
    """Of all somebody ever did."""
    return Record(
        confirmed=work.credits.total,
        sectors=len(work.sectors),
        days=work.credits.number_of_days,
        refuted=work.refutations.total,
        places=len(work.places),
        confirmers=len(work.confirmers),
    )


def record_for(track: Track, work: Work) -> Record:
    """Of what this track looks at, as of the day of the newest credit."""
    if not any(track.weights):
        return all_of(work)
    return replace(_unweighed(track, work), weighed=amount(track.weights, work))


def _unweighed(track: Track, work: Work) -> Record:
    """As if each credit within the window counted."""
    since = looks_back(track.weights, work)
    of_days = work.credits.since(since)
    return Record(
        confirmed=sum(count for _, count in of_days),
        sectors=_since(work.sectors, since),
        days=len(of_days),
        refuted=sum(count for _, count in work.refutations.since(since)),
        places=_since(work.places, since),
        confirmers=_since(work.confirmers, since),
    )


def _since(tallies: Tallies, day: int) -> int:
    return sum(each.last_day >= day for each in tallies.values())


def figures(track: Track, of: Record) -> Iterator[Figure]:
    yield Figure("confirmed", track.confirmed, of.counted)
    yield Figure("sectors", track.sectors, of.sectors)
    yield Figure("days", track.days, of.days)
    yield Figure("refuted_share", track.refuted_share, of.refuted_share, most=True)
    if track.places:
        yield Figure("places", track.places, of.places)
    if track.confirmers:
        yield Figure("confirmers", track.confirmers, of.confirmers)


def is_met(track: Track, of: Record) -> bool:
    return all(each.met for each in figures(track, of))


def earns(track: Track, work: Work, qualified: Collection[str]) -> bool:
    """Whether somebody with this work, and qualified on those tracks, qualifies on this one.

    Most have too few credits, or too few days, which is seen without weighing them.
    """
    if not any(track.weights):
        return _may_earn(track, work, qualified) and is_met(track, all_of(work))
    return (
        _may_earn(track, work, qualified)
        and is_met(track, _unweighed(track, work))
        and is_met(track, record_for(track, work))
    )


def _may_earn(track: Track, work: Work, qualified: Collection[str]) -> bool:
    return (
        track.name not in qualified
        and work.credits.total >= track.confirmed
        and all(each in qualified for each in track.after)
    )


def newly_earned(tracks: Sequence[Track], work: Work, held: Collection[str]) -> list[Track]:
    """In the order of the charter, and once more around for those that come after another one."""
    found, names = list[Track](), set(held)
    while earned := [each for each in tracks if earns(each, work, names)]:
        found += earned
        names |= {each.name for each in earned}
    return found
