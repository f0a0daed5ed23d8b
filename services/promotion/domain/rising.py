"""Who rises: what members did lately, beside their own past and beside others of the sector.

In whole numbers, so that every machine and every replay comes to the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.promotion.workdays import SPANS_BEFORE, Span, Workday

PRIOR, PRIOR_PEERS = 5, 3
"""Days that everybody is given on both sides, and others who are there in any case, with as many
days each: so few days, or few others, say little."""
LEAST, MOST_OF_A_CONFIRMER = 3, 12
"""Fewer days are no beginning yet; and no single confirmer makes anybody."""
WHOLE, RISES = 1000, 1500
"""In thousandths: as before, or as the others; and from where on somebody is listed."""


@dataclass
class Done:
    """Of one member in one sector. `recent` are days with whoever confirmed something of them."""

    recent: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))
    found: set[date] = field(default_factory=set)
    before: set[date] = field(default_factory=set)
    refuted: set[date] = field(default_factory=set)
    places: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    @property
    def days(self) -> int:
        """A day counts once, whatever there is of it; a day with a refutation takes one away."""
        found = len(self.found - self.recent.keys())
        return max(self._confirmed + found - len(self.refuted), 0)

    @property
    def _confirmed(self) -> int:
        """The less of what the days and what the confirmers come to."""
        of_confirmer = Counter(who for of_day in self.recent.values() for who in of_day)
        most = sum(min(days, MOST_OF_A_CONFIRMER) for days in of_confirmer.values())
        return min(len(self.recent), most)


class Rising(NamedTuple):
    """Why somebody is listed. `own` and `others` are in thousandths: how much more than before,
    and than others there; the less of the two is `rise`. `before` are days of a past that is
    `SPANS_BEFORE` times as long."""

    member_id: str
    sector: str
    rise: int
    own: int
    others: int
    days: int
    before: int
    peers: int
    peers_days: int
    confirmers: int
    findings: int
    refuted: int
    places: tuple[tuple[str, int], ...]


def rising(workdays: Iterable[Workday], of: Span) -> list[Rising]:
    """Those who rise, by sector, and there who rises most first."""
    found: dict[str, dict[str, Done]] = defaultdict(lambda: defaultdict(Done))
    for each in workdays:
        if of.before <= each.on <= of.until:
            _take(found[each.sector][each.member_id], each, of)
    told = (each for sector, done in found.items() for each in _of_sector(sector, done))
    return sorted(told, key=lambda one: (one.sector, -one.rise, -one.days, one.member_id))


def _take(done: Done, each: Workday, of: Span) -> None:
    if each.on < of.since:
        if each.kind != "refuted":
            done.before.add(each.on)
        return
    match each.kind:
        case "report":
            done.recent[each.on].add(each.confirmer)
        case "finding":
            done.found.add(each.on)
        case "refuted":
            done.refuted.add(each.on)
            return
    done.places[each.place].add(each.on)


def _of_sector(sector: str, done: Mapping[str, Done]) -> Iterator[Rising]:
    days = {member: each.days for member, each in done.items()}
    active = {member: number for member, number in days.items() if number >= LEAST}
    total = sum(active.values())
    for member, number in active.items():
        peers, peers_days = len(active) - 1, total - number
        own = _own(number, len(done[member].before))
        others = _beside(number, peers, peers_days)
        if min(own, others) >= RISES:
            yield _told(member, sector, done[member], own, others, peers, peers_days)


def _own(days: int, before: int) -> int:
    """The past as if it were as long as what is recent. It is not bounded by confirmers: who has
    much behind them rises by more than that."""
    return WHOLE * SPANS_BEFORE * (days + PRIOR) // (before + SPANS_BEFORE * PRIOR)


def _beside(days: int, peers: int, peers_days: int) -> int:
    """The mean of others who have begun: idle accounts beside somebody lift them by nothing."""
    number = peers + PRIOR_PEERS
    return WHOLE * (days + PRIOR) * number // (peers_days + PRIOR * (PRIOR_PEERS + number))


def _told(
    member: str, sector: str, done: Done, own: int, others: int, peers: int, peers_days: int
) -> Rising:
    confirmers = {who for of_day in done.recent.values() for who in of_day if who}
    places = sorted((place, len(days)) for place, days in done.places.items())
    return Rising(
        member,
        sector,
        min(own, others),
        own,
        others,
        done.days,
        len(done.before),
        peers,
        peers_days,
        len(confirmers),
        len(done.found),
        len(done.refuted),
        tuple(sorted(places, key=lambda each: -each[1])),
    )
