"""The local share of an issue: what each region has of it, and what it lacks of its terms."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shared.contracts.bulletin import IN_ALL, HeardFrom, IssueTerms, Item
from shared.contracts.place import EVERYWHERE, is_within, way_to


@dataclass(frozen=True)
class Measure:
    """Of one region: how many reports were public, and what it has of the issue."""

    region: str
    reports: int = 0
    items: int = 0
    words: int = 0
    leads: int = 0

    def plus(self, other: "Measure") -> "Measure":
        return Measure(
            self.region,
            self.reports + other.reports,
            self.items + other.items,
            self.words + other.words,
            self.leads + other.leads,
        )


@dataclass(frozen=True)
class Lack:
    """What an issue `has` and `needs`: of items, of leading places, or for one `region`."""

    what: Literal["share", "leads", "floor"]
    has: int
    needs: int
    region: str = ""


def region_in(place: str, within: str) -> str:
    """The place right below `within` that holds it; `within` itself for what lies in none."""
    if place in (within, EVERYWHERE) or not is_within(place, within):
        return within
    return ".".join(way_to(place)[: len(way_to(within)) + 1])


def is_local(region: str, terms: IssueTerms) -> bool:
    return region != terms.within and region not in terms.centre


def needed(of: int, terms: IssueTerms) -> int:
    """How many of so many have to be of the regions."""
    return -(-of * terms.share // IN_ALL)


def with_a_floor(heard: Iterable[HeardFrom], terms: IssueTerms) -> Iterator[str]:
    """The regions that reported."""
    for each in heard:
        if each.reports and is_local(each.region, terms):
            yield each.region


def measured(
    items: Collection[Item], heard: Iterable[HeardFrom], terms: IssueTerms
) -> list[Measure]:
    """The most reports first."""
    found = {each.region: Measure(each.region, each.reports) for each in heard}
    for at, item in enumerate(items):
        own = Measure(item.region, 0, 1, item.size, int(at < terms.leads))
        found[item.region] = found.get(item.region, Measure(item.region)).plus(own)
    return sorted(found.values(), key=lambda each: (-each.reports, each.region))


def lacking(items: Collection[Item], heard: Iterable[HeardFrom], terms: IssueTerms) -> list[Lack]:
    """Nothing where the issue meets its floor."""
    of_the_regions = [is_local(each.region, terms) for each in items]
    leads = of_the_regions[: terms.leads]
    by_region = Counter(each.region for each in items)
    found = [
        Lack("share", sum(of_the_regions), needed(len(of_the_regions), terms)),
        Lack("leads", sum(leads), needed(len(leads), terms)),
        *(
            Lack("floor", by_region[region], terms.floor, region)
            for region in sorted(set(with_a_floor(heard, terms)))
        ),
    ]
    return [each for each in found if each.has < each.needs]
