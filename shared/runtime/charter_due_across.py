"""What is wrong with rules and almanacs of a charter that none of them shows by itself."""

from collections.abc import Container, Iterator
from itertools import pairwise

from shared.runtime.charter_across import Odd
from shared.runtime.charter_due import DueTold, RuleTold, TierTold
from shared.runtime.toml_lines import Key

FILE = "due.toml"


def odd_due(
    due: DueTold, places: Container[str] | None, sectors: Container[str] | None
) -> Iterator[Odd]:
    """`places` and `sectors` of the charter, where they can be used."""
    holders: dict[str, str] = {}
    for name, almanac in due.almanac.items():
        at: Key = ("almanac", name)
        yield from _unknown((*at, "places"), "place", almanac.places, places)
        for place in almanac.places:
            other = holders.setdefault(place, name)
            if other != name:
                words = f'"{place}" is of "{other}" already; a place has one almanac'
                yield Odd(FILE, (*at, "places"), words)
        for day in sorted(almanac.off.keys() & almanac.worked.keys()):
            yield Odd(FILE, (*at, "worked"), f"{day} is in off and in worked; leave one out")
    yield from _odd_tiers(due.tier)
    yield from _odd_rules(due.rule, places, sectors)


def _odd_tiers(tiers: list[TierTold]) -> Iterator[Odd]:
    for number, (before, tier) in enumerate(pairwise(tiers), start=1):
        at: Key = ("tier", number, "days")
        if tier.counted == before.counted and tier.days <= before.days:
            words = (
                f"must be more than the {before.days} of the tier before it: each tier is counted"
                " from the due day"
            )
            yield Odd(FILE, at, words)


def _odd_rules(
    rules: list[RuleTold], places: Container[str] | None, sectors: Container[str] | None
) -> Iterator[Odd]:
    seen, for_all = dict[str, int](), ""
    for number, rule in enumerate(rules):
        at: Key = ("rule", number)
        if rule.name in seen:
            words = f'"{rule.name}" is the name of another rule already; each has its own'
            yield Odd(FILE, (*at, "name"), words)
        seen[rule.name] = number
        yield from _unknown((*at, "places"), "place", rule.places, places)
        yield from _unknown((*at, "sectors"), "sector", rule.sectors, sectors)
        if for_all:
            words = (
                f'"{rule.name}" is never counted by: "{for_all}" stands before it and is for all;'
                " the first rule that is for a commitment counts"
            )
            yield Odd(FILE, (*at, "name"), words, may_be_meant=True)
        if not (rule.places or rule.sectors or rule.owners):
            for_all = for_all or rule.name


def _unknown(key: Key, what: str, named: list[str], known: Container[str] | None) -> Iterator[Odd]:
    for each in named:
        if known is not None and each not in known:
            yield Odd(FILE, key, f'"{each}" is no {what} of this charter')
