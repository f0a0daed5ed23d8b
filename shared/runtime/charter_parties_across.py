"""What is wrong with parties of a charter that none of them shows by itself."""

from collections.abc import Iterator, Mapping

from shared.contracts.party import as_known
from shared.runtime.charter_across import Odd
from shared.runtime.charter_parties import PartyTold

FILE = "parties.toml"


def odd_parties(told: Mapping[str, PartyTold]) -> Iterator[Odd]:
    yield from _units(told)
    yield from _names(told)


def _units(told: Mapping[str, PartyTold]) -> Iterator[Odd]:
    in_rings = set[str]()
    for code, party in told.items():
        if party.above and party.above not in told:
            words = f'"{code}" is under "{party.above}", and there is no such party here'
            yield Odd(FILE, (code, "above"), words)
        ring = _ring(told, code)
        if ring and not in_rings & set(ring):
            words = f'"{code}" is above itself: {" under ".join([*ring, code])}'
            yield Odd(FILE, (code, "above"), words)
        in_rings |= set(ring)


def _ring(told: Mapping[str, PartyTold], code: str) -> list[str]:
    """The way from a party up to itself; nothing where it leads elsewhere."""
    way = [code]
    while (above := told[way[-1]].above) in told and above not in way:
        way.append(above)
    return way if told[way[-1]].above == code else []


def _names(told: Mapping[str, PartyTold]) -> Iterator[Odd]:
    """An owner's name leads to one party."""
    holders: dict[str, str] = {}
    for code, party in told.items():
        named = [("name", party.name), *(("aliases", alias) for alias in party.aliases)]
        for key, name in named:
            other = holders.setdefault(as_known(name), code)
            if other != code:
                words = f'"{name}" is a name of "{other}" already; a name leads to one party'
                yield Odd(FILE, (code, key), words)
            elif key == "aliases" and as_known(name) == as_known(party.name):
                words = f'"{name}" is its name already; leave the alias out'
                yield Odd(FILE, (code, key), words, may_be_meant=True)
