"""What is wrong with a charter's terms for petitions that they don't show by themselves."""

from collections.abc import Container, Iterator, Mapping

from shared.contracts.petition import SOURCE
from shared.contracts.place import EVERYWHERE
from shared.runtime.charter_across import Odd
from shared.runtime.charter_petitions import PetitionsTold

FILE = "petitions.toml"


def odd_petitions(
    told: PetitionsTold,
    places: Container[str] | None,
    smallest: int | None,
    sources: Mapping[str, object] | None,
) -> Iterator[Odd]:
    """`places`, `sources` and the smallest figure of the charter, where they can be used."""
    for place, number in told.needs.items():
        at = ("needs", place)
        if places is not None and place not in places:
            words = f'there is no place "{place}" in places.toml; everywhere is "{EVERYWHERE}"'
            yield Odd(FILE, at, words)
        if smallest is not None and number < smallest:
            words = (
                f"must be at least {smallest}, the smallest_figure of body.toml, and is {number}:"
                " that a petition reached its number tells how many there are"
            )
            yield Odd(FILE, at, words)
    if told.owner and sources is not None and SOURCE in sources:
        words = f'"{SOURCE}" is what commitments of petitions come from; name the source otherwise'
        yield Odd("sources.toml", (SOURCE,), words)
