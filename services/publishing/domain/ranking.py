"""What stands in an issue and where: by news value, freshness, corroboration and local weight.

Each summand is kept with the item, so that everybody can be shown why it is first.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.publishing.domain.share import is_local, needed, region_in, with_a_floor
from shared.contracts.bulletin import (
    IN_ALL,
    MOST_ITEMS,
    Chosen,
    HeardFrom,
    IssueTerms,
    Item,
    ItemKind,
    News,
)

OF_A_STORY = 40
"""Somebody wrote it, and somebody else has read it."""
FRESHEST = 30
OF_A_WITNESS, OF_A_SOURCE, MOST_CORROBORATED = 5, 5, 50
OF_A_REGION, MOST_OWED = 25, 25
OF_A_CROWD = 15
"""Less for each item of the same region that stands above."""


@dataclass(frozen=True)
class Candidate:
    """`worth` is the news value of what it tells, or of the weightiest that it rests on; so many
    `witnesses` and `sources` stand behind it."""

    kind: ItemKind
    id: str
    sequence: int
    on: date
    place: str
    news: News
    worth: int
    size: int
    sector: str | None = None
    witnesses: int = 0
    sources: int = 1
    words: str | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Wanted:
    """So many `items` of the days from `first` to `last`; the ids that an editor put in front, in
    their order, and those that stay out. `owed` are the percent points by which a region has had
    less of the issues before than of the reports."""

    first: date
    last: date
    items: int
    in_front: Sequence[str] = ()
    without: Collection[str] = ()
    owed: Mapping[str, int] = field(default_factory=dict)


def ranked(
    candidates: Collection[Candidate],
    heard: Collection[HeardFrom],
    terms: IssueTerms,
    wanted: Wanted,
) -> tuple[Item, ...]:
    """The whole issue, first place first; of the same it is always the same. Checks are taken
    where there are too few stories."""
    there = {
        each.id: _weighed(each, terms, wanted)
        for each in candidates
        if each.id not in wanted.without
    }
    chosen = _Choosing(there, terms, wanted).chosen(sorted(set(with_a_floor(heard, terms))))
    return _in_order(chosen, terms, [each for each in wanted.in_front if each in there])


def _weighed(each: Candidate, terms: IssueTerms, wanted: Wanted) -> Item:
    """With no crowd: who stands above is not known yet."""
    region = region_in(each.place, terms.within)
    days = (wanted.last - wanted.first).days + 1
    age = min(max((wanted.last - each.on).days, 0), days)
    seen = each.witnesses * OF_A_WITNESS + (each.sources - 1) * OF_A_SOURCE
    owed = min(max(wanted.owed.get(region, 0), 0), MOST_OWED)
    return Item(
        kind=each.kind,
        id=each.id,
        sequence=each.sequence,
        on=each.on,
        place=each.place,
        region=region,
        sector=each.sector,
        news=each.news,
        words=each.words,
        digest=each.digest,
        size=each.size,
        value=each.worth + (OF_A_STORY if each.kind == "story" else 0),
        freshness=FRESHEST * (days - age) // days,
        corroboration=min(max(seen, 0), MOST_CORROBORATED),
        local=OF_A_REGION + owed if is_local(region, terms) else 0,
        crowd=0,
        chosen="rank",
    )


class _Choosing:
    """What is in: what an editor put there, the floor of each region, and then the best, as long as
    the regions keep their share."""

    def __init__(self, there: Mapping[str, Item], terms: IssueTerms, wanted: Wanted) -> None:
        self._terms = terms
        self._left = dict(there)
        self._in = dict[str, Item]()
        self._of = Counter[str]()
        for each in wanted.in_front[:MOST_ITEMS]:
            if each in self._left:
                self._take(self._left[each], "hand")
        self._items = wanted.items

    def chosen(self, floors: Sequence[str]) -> list[Item]:
        for turn in range(self._terms.floor):
            for region in floors:
                if self._of[region] <= turn and len(self._in) < MOST_ITEMS:
                    own = [each for each in self._left.values() if each.region == region]
                    if own:
                        self._take(min(own, key=self._rank), "floor")
        room = min(max(self._items, len(self._in)), MOST_ITEMS)
        while self._left and len(self._in) < room:
            best = min(self._left.values(), key=self._rank)
            allowed = [each for each in self._left.values() if self._may_be_in(each, room)]
            if not allowed:
                break
            pick = min(allowed, key=self._rank)
            self._take(pick, "rank" if pick.id == best.id else "share")
        return list(self._in.values())

    def _rank(self, item: Item) -> tuple[bool, int, str]:
        return item.kind != "story", self._of[item.region] * OF_A_CROWD - item.total, item.id

    def _take(self, item: Item, why: Chosen) -> None:
        self._in[item.id] = item.model_copy(update={"chosen": why})
        self._of[item.region] += 1
        del self._left[item.id]

    def _may_be_in(self, item: Item, room: int) -> bool:
        """Whether the regions can still have their share with it. Where nothing at all is of them,
        it is said why."""
        if is_local(item.region, self._terms):
            return True
        share = self._terms.share
        ours = self._many(self._in) + self._many(self._left)
        others = len(self._in) - self._many(self._in) + 1
        return not ours or others * share <= min(ours, room - others) * (IN_ALL - share)

    def _many(self, items: Mapping[str, Item]) -> int:
        return sum(is_local(each.region, self._terms) for each in items.values())


def _in_order(
    chosen: Collection[Item], terms: IssueTerms, in_front: Sequence[str]
) -> tuple[Item, ...]:
    left = {each.id: each for each in chosen}
    found = list[Item]()
    above = Counter[str]()
    leads = min(terms.leads, len(left))
    others = leads - needed(leads, terms)

    def place(item: Item, why: Chosen) -> None:
        crowd = above[item.region] * OF_A_CROWD
        found.append(item.model_copy(update={"crowd": crowd, "chosen": why}))
        above[item.region] += 1
        del left[item.id]

    for each in in_front:
        if each in left:
            place(left[each], "hand")
    rank = _by_total(above)
    while left:
        best = min(left.values(), key=rank)
        ours = [each for each in left.values() if is_local(each.region, terms)]
        led = sum(not is_local(each.region, terms) for each in found)
        is_full = len(found) < leads and led >= others
        pick = min(ours, key=rank) if is_full and ours else best
        place(pick, pick.chosen if pick.id == best.id else "lead")
    return tuple(found)


def _by_total(above: Mapping[str, int]) -> Callable[[Item], tuple[int, str]]:
    return lambda item: (above[item.region] * OF_A_CROWD - item.total, item.id)
