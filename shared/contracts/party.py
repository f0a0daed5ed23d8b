"""Parties that own commitments: each known by its names, and under the unit above it."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """`aliases` are what others call it, or called it before; `above` is the code of the unit that
    it belongs to. `members` may act for it, by the numbers that their own pages tell them."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    above: str | None = None
    members: frozenset[str] = frozenset()


def as_known(name: str) -> str:
    """Names that differ in capitals, blanks or forms of the same letters are one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Parties:
    """An owner whom the charter does not know is a name alone, as it was given."""

    def __init__(self, parties: Iterable[Party] = ()) -> None:
        self.by_code = {party.code: party for party in parties}
        self._by_name = {
            as_known(name): party
            for party in self.by_code.values()
            for name in (party.name, *party.aliases)
        }

    def of(self, owner: str) -> Party | None:
        return self._by_name.get(as_known(owner)) if self._by_name else None

    def owner(self, given: str) -> str:
        """What events call it."""
        party = self.of(given)
        return party.name if party else given

    def names(self, owner: str) -> tuple[str, ...]:
        """What events call it, and what they may have called it before it was in the charter."""
        return (self.owner(owner), *self.other_names(owner))

    def other_names(self, owner: str) -> tuple[str, ...]:
        """Nothing of a name alone."""
        party = self.of(owner)
        if party is None:
            return ()
        return tuple(name for name in dict.fromkeys((*party.aliases, owner)) if name != party.name)

    def units(self, owner: str) -> tuple[Party, ...]:
        """The party and all above it, from the smallest up; nothing of a name alone."""
        party = self.of(owner)
        return (party, *self._above(party)) if party else ()

    def above(self, owner: str) -> Party | None:
        """The unit that it belongs to."""
        return next(iter(self.units(owner)[1:]), None)

    def share_a_unit(self, one: str, other: str) -> bool:
        """Whether they are the same, or one of them is above the other."""
        if as_known(self.owner(one)) == as_known(self.owner(other)):
            return True
        ours, theirs = self.of(one), self.of(other)
        return (theirs is not None and theirs in self.units(one)) or (
            ours is not None and ours in self.units(other)
        )

    def below(self, code: str) -> tuple[Party, ...]:
        """The party of that code and all that belong to it, however far below."""
        top = self.by_code.get(code)
        return tuple(each for each in self.by_code.values() if top in (each, *self._above(each)))

    def for_whom(self, member: str) -> tuple[Party, ...]:
        """The parties that a member may act for."""
        return tuple(each for each in self.by_code.values() if member in each.members)

    def _above(self, party: Party) -> Iterator[Party]:
        """No further than a ring goes round, though no charter has one."""
        seen = {party.code}
        while party.above in self.by_code and party.above not in seen:
            party = self.by_code[party.above]
            seen.add(party.code)
            yield party


NO_PARTIES = Parties()
