"""What is wrong with a charter's terms for bulletins that they don't show by themselves."""

from collections.abc import Collection, Iterator

from shared.contracts.place import EVERYWHERE, is_within, way_to
from shared.runtime.charter_across import Odd
from shared.runtime.charter_bulletins import BulletinsTold

FILE = "bulletins.toml"


def odd_bulletins(told: BulletinsTold, places: Collection[str] | None) -> Iterator[Odd]:
    """`places` of the charter, where they can be used."""
    if places is None or told.within is None:
        return
    if told.within not in places:
        words = f'there is no place "{told.within}" in places.toml; everywhere is "{EVERYWHERE}"'
        yield Odd(FILE, ("within",), words)
        return
    below = {each for each in places if _is_right_below(each, told.within)}
    if not below:
        words = f'no place of places.toml lies right below "{told.within}", so it has no regions'
        yield Odd(FILE, ("within",), words)
    for at, place in enumerate(told.centre):
        if place not in places:
            words = f'there is no place "{place}" in places.toml'
            yield Odd(FILE, ("centre", at), words)
        elif place not in below:
            words = f'"{place}" does not lie right below "{told.within}", so it is no region'
            yield Odd(FILE, ("centre", at), words)
    if below and below <= set(told.centre):
        yield Odd(FILE, ("centre",), "all regions are the centre; leave out those that are not")
    elif below and told.items < told.floor * len(below - set(told.centre)):
        words = (
            f"there are {len(below - set(told.centre))} regions, so an issue may have more than"
            f" {told.items} items for their floor"
        )
        yield Odd(FILE, ("items",), words, may_be_meant=True)


def _is_right_below(place: str, within: str) -> bool:
    is_below = place not in (within, EVERYWHERE) and is_within(place, within)
    return is_below and len(way_to(place)) == len(way_to(within)) + 1
