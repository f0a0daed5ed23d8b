"""Chains that come to a report together, as the events that say what becomes of them there."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.duplicates import (
    Chain,
    ChainsLedOn,
    ChainsRefused,
    DuplicatesEvent,
    HeadAwaited,
    HeadNamed,
)

Where = dict[str, Any]

AT_ONCE = 400
"""Chains in one event."""

LONGEST_CHAIN = 20
"""Links of one chain."""

LONG = f"Its chain of duplicates would have more than {LONGEST_CHAIN} links."


def in_order(chain: Chain) -> tuple[int, str]:
    return chain.claim, chain.duplicate


def beyond(claim: int, chain: Chain) -> Chain:
    """As it goes on behind a report that repeats another by this claim."""
    return chain if claim < chain.claim else chain.model_copy(update={"newest": False})


def is_news(chain: Chain, known: Chain) -> bool:
    """Whether it says more than what is known of the same duplicate."""
    return (chain.claim, not chain.newest) > (known.claim, not known.newest)


def led_on(where: Where, original: str, chains: Iterable[Chain]) -> list[DuplicatesEvent]:
    chains = list(chains)
    short = [chain for chain in chains if chain.links < LONGEST_CHAIN]
    long = [chain for chain in chains if chain.links >= LONGEST_CHAIN]
    led = [ChainsLedOn(**where, original=original, chains=some) for some in _pages(short)]
    return [*led, *refused(where, long, LONG)]


def refused(where: Where, chains: Iterable[Chain], reason: str) -> list[DuplicatesEvent]:
    """Who came by a claim that is refused may be far beyond it already, and is refused as well."""
    return [ChainsRefused(**where, chains=some, reason=reason) for some in _pages(chains)]


def named(where: Where, chains: Iterable[Chain]) -> list[DuplicatesEvent]:
    return [HeadNamed(**where, chains=some) for some in _pages(chains)]


def awaited(where: Where, chains: Iterable[Chain]) -> list[DuplicatesEvent]:
    return [HeadAwaited(**where, chain=chain) for chain in chains]


def _pages(chains: Iterable[Chain]) -> list[tuple[Chain, ...]]:
    found = sorted(chains, key=in_order)
    return [tuple(found[start : start + AT_ONCE]) for start in range(0, len(found), AT_ONCE)]
